import type { LanguageCode } from '../language.rules.js';
import { enumType } from './enum.js';

/** Describes the `language` argument of a field. */
export const ASKED_BY_HEADER =
  'What the Accept-Language header prefers when left out; English when that names none of ours.';

export const LanguageEnum = enumType<LanguageCode>(
  'Language',
  { EN: 'English.', ZH_HANS: 'Chinese, in simplified characters.' },
  'A language in which the API speaks to people. Where none is asked for, the Accept-Language header decides.',
);
