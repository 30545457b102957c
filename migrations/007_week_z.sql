-- A week's level in standard deviations of the weeks it was held against: the cumulative sum of later checks goes on from it. Null where
-- the week was not judged, and in rows of before.
ALTER TABLE drift_weeks ADD COLUMN level_z double precision;
