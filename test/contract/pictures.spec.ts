import { describe, expect, it } from '@jest/globals';
import { storyPictures } from '../../src/commands/story-pictures.js';
import { committed } from './committed.js';

describe('the pictures of the README', () => {
  it.each([...storyPictures()])('%s is what the code draws', (name, drawn) => {
    expect(drawn).toBe(committed(`.pictures/${name}`, drawn));
  });
});
