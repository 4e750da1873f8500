/**
 * The same object for a program that runs on in the host after its board has lost power or restarted, in the middle of a blocking
 * call: every method then throws, for on a board that program is gone.
 */
export function whilePowered<T extends object>(target: T, stopped: () => boolean): T {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        if (stopped()) throw new Error("the board is off");
        return Reflect.apply(member, object, args);
      };
    },
  });
}
