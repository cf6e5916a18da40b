/**
 * Applies decorators the way TypeScript's compiler does, so that a NestJS application can be written in plain
 * JavaScript. `methods` maps a name to its decorators; those of its parameters, and what
 * `inject` has for those of the constructor, are [index, decorator] pairs.
 */
export function decorate(type, { on = [], inject = [], methods = {} }) {
  for (const [index, decorator] of inject) {
    decorator(type, undefined, index);
  }
  for (const [name, decorators] of Object.entries(methods)) {
    for (const decorator of decorators) {
      if (Array.isArray(decorator)) {
        decorator[1](type.prototype, name, decorator[0]);
      } else {
        const descriptor = Object.getOwnPropertyDescriptor(type.prototype, name);
        Object.defineProperty(type.prototype, name, decorator(type.prototype, name, descriptor) ?? descriptor);
      }
    }
  }
  for (const decorator of on) {
    decorator(type);
  }
  return type;
}
