/** What a field of an input is for, where its schema says only what it takes: schemas describe for those who got one wrong. */

const ABOUT: Readonly<Record<string, string>> = {
  hyperParameters: 'what the networks are trained with; what is left empty takes its default',
  search: 'look for better hyper-parameters first; a field filled in asks for it',
  approval: 'wait for a person’s word before a version is promoted',
  traffic: 'try a version on part of the requests before it is promoted',
  retraining: 'how a model is trained anew when drift asks for it',
  source: 'where archives and weather are read from, instead of the settings’ sources',
  dataset: 'the data set to read, instead of the newest of its months',
  train: 'months that the model is fitted on',
  test: 'later months that it is judged by',
  reference: 'months that the model knows; left empty, those a year before',
  current: 'months that are held against them',
  also: 'further spans of months, as a JSON list',
  resume: 'where an earlier part of the same search left off; written by the search itself',
};

/** @param path of the field in its input. @returns undefined where the schema's own words are enough. */
export function aboutField(path: readonly string[]): string | undefined {
  return ABOUT[path.at(-1) ?? ''];
}
