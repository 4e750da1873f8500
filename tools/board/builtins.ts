/**
 * The members of the language that Espruino has. Whatever the host's engine offers beyond these is taken away from a
 * simulated board, so that code which needs it fails here as it would on the board. A test compares the lists with the interpreter.
 */
export const GLOBALS =
  words(`Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Date RegExp
  Error InternalError ReferenceError SyntaxError TypeError JSON Math ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array
  Int32Array Float32Array Float64Array Uint8ClampedArray DataView decodeURIComponent encodeURIComponent eval isFinite isNaN
  globalThis`);

/** Members by the expression that holds them. `constructor` and `prototype` stay everywhere. */
export const MEMBERS: Record<string, string[]> = {
  Object: words(`assign getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames create defineProperties
    defineProperty getPrototypeOf setPrototypeOf keys entries fromEntries values`),
  "Object.prototype": words("hasOwnProperty toString valueOf __proto__"),
  "Function.prototype": words("length apply bind call toString name arguments caller"),
  Array: words("isArray"),
  "Array.prototype":
    words(`length concat fill find findIndex pop push reverse shift unshift slice sort splice includes indexOf
    join forEach filter map every some reduce toString`),
  String: words("fromCharCode"),
  "String.prototype":
    words(`length charAt charCodeAt concat endsWith includes indexOf lastIndexOf match padEnd padStart repeat
    replace replaceAll slice split substr substring startsWith toString trim toLowerCase toUpperCase valueOf`),
  Number: words("MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY"),
  "Number.prototype": words("toFixed toString valueOf"),
  Date: words("now parse"),
  "Date.prototype":
    words(`toString toISOString toUTCString getDate setDate getDay getFullYear setFullYear getHours setHours
    getMilliseconds setMilliseconds getMinutes setMinutes getMonth setMonth getSeconds setSeconds getTime setTime
    getTimezoneOffset getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth
    getUTCSeconds valueOf toJSON`),
  ArrayBuffer: [],
  "ArrayBuffer.prototype": words("byteLength"),
  "Object.getPrototypeOf(Uint8Array)": [],
  "Object.getPrototypeOf(Uint8Array.prototype)":
    words(`buffer byteLength byteOffset length every fill filter find findIndex
    forEach includes indexOf join map reverse reduce set slice some sort subarray toString`),
  "DataView.prototype":
    words(`buffer byteLength byteOffset getInt8 setInt8 getUint8 setUint8 getInt16 setInt16 getUint16
    setUint16 getInt32 setInt32 getUint32 setUint32 getFloat32 setFloat32 getFloat64 setFloat64`),
  Error: [],
  Math: words(`abs acos asin atan atan2 ceil cos exp floor log max min pow random round sign sin sqrt tan E LN10 LN2 LOG10E
    LOG2E PI SQRT1_2 SQRT2`),
  JSON: words("parse stringify"),
};

function words(text: string): string[] {
  return text.split(/\s+/);
}
