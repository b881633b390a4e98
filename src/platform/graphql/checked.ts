import { applyDecorators, Injectable, ValidationPipe, type PipeTransform } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationError, type ValidationOptions } from 'class-validator';
import { isId } from '../ids.js';
import { badInput, RequestFault } from '../rejection.js';

const IS_ID = 'isId';

/** Of a list of ids, the place of the first that is none: `input.groupIds.2`. */
function placeOfNoId(field: string, value: unknown): string {
  return Array.isArray(value) ? `${field}.${value.findIndex((id) => typeof id !== 'string' || !isId(id))}` : field;
}

function faultsOf(errors: readonly ValidationError[], above: string): { field: string; message: string }[] {
  return errors.flatMap((error) => {
    const field = above === '' ? error.property : `${above}.${error.property}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      field: rule === IS_ID ? placeOfNoId(field, error.value) : field,
      message: message.replace(/^each value in /, ''),
    }));
    return [...own, ...faultsOf(error.children ?? [], field)];
  });
}

/**
 * Checks an argument by the class-validator rules of its class. Every fault is named by its path
 * (`input.lines.0.units`), the first one also as the error's own `field`.
 */
class Checked extends ValidationPipe {
  constructor(name = '') {
    super({
      transform: true,
      exceptionFactory: (errors) => {
        const faults = faultsOf(errors, name);
        const first = faults[0] ?? { field: name, message: 'is not valid' };
        return new RequestFault('BAD_USER_INPUT', `${first.field}: ${first.message}`, { field: first.field, faults });
      },
    });
  }
}

/** The argument every mutation takes. */
export const CheckedInput = new Checked('input');
/** The arguments of a list. */
export const CheckedArgs = new Checked();

/** An argument that is an id. */
@Injectable()
export class IdPipe implements PipeTransform<unknown, unknown> {
  constructor(private readonly field: string) {}

  transform(value: unknown): unknown {
    const id = inLowerCase(value);
    if (typeof id === 'string' && isId(id)) return id;
    throw badInput(this.field, `${this.field}: is not an id`);
  }
}

/** Ids are compared letter by letter once they are in; people and programs may write them in capitals. */
function inLowerCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inLowerCase);
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** class-validator rule: an id of this system, whatever its case. */
export function IsId(options?: ValidationOptions): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => inLowerCase(value)),
    ValidateBy(
      {
        name: IS_ID,
        validator: {
          validate: (value: unknown) => typeof value === 'string' && isId(value),
          defaultMessage: () => 'is not an id',
        },
      },
      options,
    ),
  );
}

/** class-validator rule: text with something in it besides white space. */
export function IsSpoken(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isSpoken',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && value.trim() !== '',
        defaultMessage: () => 'must not be empty',
      },
    },
    options,
  );
}
