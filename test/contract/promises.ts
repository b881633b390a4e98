import {
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isUnionType,
  print,
} from 'graphql';

type NameNode = { readonly name: { readonly value: string } };

function missing(
  promised: readonly NameNode[] | undefined,
  kept: readonly string[],
  path: (name: string) => string,
): string[] {
  return (promised ?? []).filter(({ name }) => !kept.includes(name.value)).map(({ name }) => path(name.value));
}

/** Arguments or input fields: each promised one must be there with its type and default, each further one optional. */
function brokenInputs(
  path: string,
  promised: readonly InputValueDefinitionNode[],
  kept: readonly { name: string; type: unknown; defaultValue?: unknown }[],
): string[] {
  const known = new Map(kept.map((input) => [input.name, input]));
  const changed = promised.flatMap(({ name, type, defaultValue }) => {
    const ours = known.get(name.value);
    if (String(ours?.type) !== print(type)) return [`${path}.${name.value}: ${print(type)}, not ${ours?.type}`];
    const sameDefault = !defaultValue || String(ours?.defaultValue) === print(defaultValue);
    return sameDefault ? [] : [`${path}.${name.value}: default ${print(defaultValue)}, not ${ours?.defaultValue}`];
  });
  const names = new Set(promised.map(({ name }) => name.value));
  const required = kept.filter(
    ({ name, type, defaultValue }) => !names.has(name) && isNonNullType(type) && defaultValue === undefined,
  );
  return [...changed, ...required.map(({ name }) => `${path}.${name} is required`)];
}

function brokenField(
  path: string,
  promised: FieldDefinitionNode,
  kept: GraphQLField<unknown, unknown> | undefined,
): string[] {
  if (String(kept?.type) !== print(promised.type)) return [`${path}: ${print(promised.type)}, not ${kept?.type}`];
  return brokenInputs(path, promised.arguments ?? [], kept?.args ?? []);
}

function brokenDefinition(schema: GraphQLSchema, definition: DefinitionNode & NameNode): string[] {
  const { value: name } = definition.name;
  const type = schema.getType(name);
  switch (definition.kind) {
    case 'EnumTypeDefinition':
      return missing(
        definition.values,
        isEnumType(type) ? type.getValues().map((value) => value.name) : [],
        (value) => `${name}.${value}`,
      );
    case 'UnionTypeDefinition':
      return missing(
        definition.types,
        isUnionType(type) ? type.getTypes().map((member) => member.name) : [],
        (member) => `${name} | ${member}`,
      );
    case 'InputObjectTypeDefinition':
      return brokenInputs(
        name,
        definition.fields ?? [],
        isInputObjectType(type) ? Object.values(type.getFields()) : [],
      );
    case 'ObjectTypeDefinition':
    case 'InterfaceTypeDefinition': {
      const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
      const interfaces = isObjectType(type) ? type.getInterfaces().map((i) => i.name) : [];
      return [
        ...missing(definition.interfaces, interfaces, (i) => `${name} implements ${i}`),
        ...(definition.fields ?? []).flatMap((field) =>
          brokenField(`${name}.${field.name.value}`, field, fields[field.name.value]),
        ),
      ];
    }
    default:
      return type ? [] : [name];
  }
}

/** Everything that the core promises and the schema does not keep, by its path. More than the core is fine. */
export function brokenPromises(schema: GraphQLSchema, core: DocumentNode): string[] {
  return core.definitions.flatMap((definition) =>
    'name' in definition && definition.name ? brokenDefinition(schema, definition as DefinitionNode & NameNode) : [],
  );
}
