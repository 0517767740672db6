/** A property of jCal (RFC 7265): name, parameters, type, values. */
export type JcalProperty = readonly [string, JcalParameters, string, ...unknown[]];

export type JcalParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A component of jCal: name, properties, components. */
export type JcalComponent = readonly [string, readonly JcalProperty[], readonly JcalComponent[]];

export function propertiesOf(component: JcalComponent, name: string): readonly JcalProperty[] {
  return component[1].filter((property) => property[0] === name);
}

/** The first value of the first property of that name. */
export function firstValueOf(component: JcalComponent, name: string): unknown {
  return propertiesOf(component, name)[0]?.[3];
}

export function componentsOf(component: JcalComponent, name: string): readonly JcalComponent[] {
  return component[2].filter((each) => each[0] === name);
}
