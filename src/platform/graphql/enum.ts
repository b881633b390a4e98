import { registerEnumType } from '@nestjs/graphql';

/** Declares a GraphQL enum from the list of words that the rules and the tables use, each value with its meaning. */
export function enumType<Word extends string>(
  name: string,
  meanings: Readonly<Record<Word, string>>,
  description: string,
): { readonly [W in Word]: W } {
  const words = Object.keys(meanings) as Word[];
  const values = Object.fromEntries(words.map((word) => [word, word])) as { [W in Word]: W };
  const valuesMap = Object.fromEntries(words.map((word) => [word, { description: meanings[word] }]));
  registerEnumType(values, { name, description, valuesMap: valuesMap as never });
  return values;
}
