-- Adds a week's level in standard deviations of the weeks that it was compared with. The cumulative sum of later checks continues
-- from it. It is null in earlier rows and if the week was not judged.
ALTER TABLE drift_weeks ADD COLUMN level_z double precision;
