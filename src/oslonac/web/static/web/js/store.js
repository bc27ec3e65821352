// @ts-check
/**
 * The encrypted store of this browser: named values of one person, kept as ciphertext in IndexedDB.
 *
 * The secret comes from the server, to signed-in pages alone, and is held in memory as keys that no
 * script can read out (HKDF-SHA-256 into AES-256-GCM and HMAC). What lies on the disk are random
 * looking bytes under names that are keyed hashes: neither what was kept, nor of what, nor whose.
 *
 *   const store = await Store.open(secret)   // base64, 32 bytes
 *   await store.put(name, value)             // value: what JSON holds. The record's id
 *   await store.get(name)                    // the value, or null
 *   await store.list()                       // [{id, at, value}], the newest first
 *   await store.remove(name); await store.clear()
 *
 * Without a secret: `holdsAny`, `forget(ids)`, `browser`. Does not belong here: what is kept, and when.
 */

const DATABASE = "oslonac";
const RECORDS = "sealed";
const ABOUT = "about";
export const DAYS = 7; // as KEPT_DAYS of accounts/drafts.py
const NONCE_BYTES = 12;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function answer(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

/** @returns {Promise<IDBDatabase>} */
function database() {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(RECORDS, { keyPath: "id" }).createIndex("owner", "owner");
    opening.result.createObjectStore(ABOUT);
  };
  return answer(opening);
}

/**
 * One transaction; ends when it is written.
 * @template T
 * @param {string} table @param {IDBTransactionMode} mode @param {(rows: IDBObjectStore) => T | Promise<T>} work
 * @returns {Promise<T>}
 */
async function within(table, mode, work) {
  const base = await database();
  try {
    const change = base.transaction(table, mode, { durability: "strict" });
    const written = new Promise((done, failed) => {
      change.oncomplete = () => done(undefined);
      change.onabort = () => failed(change.error);
    });
    const found = await work(change.objectStore(table));
    await written;
    return found;
  } finally {
    base.close();
  }
}

/** @param {ArrayBuffer} bytes */
function text(bytes) {
  const letters = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const utf8 = new TextEncoder();

/** The random number by which this browser names itself. @returns {Promise<string>} */
export function browser() {
  return within(ABOUT, "readwrite", async (rows) => {
    const known = await answer(rows.get("browser"));
    if (known) return known;
    const drawn = [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0"));
    await answer(rows.put(drawn.join(""), "browser"));
    return drawn.join("");
  });
}

/** Whether anything of anybody is kept here; what is too old is thrown away first. */
export function holdsAny() {
  return within(RECORDS, "readwrite", async (rows) => {
    const eldest = Date.now() - DAYS * 86_400_000;
    for (const each of await answer(rows.getAll())) if (each.at < eldest) rows.delete(each.id);
    return (await answer(rows.count())) > 0;
  });
}

/** @param {string[]} ids */
export function forget(ids) {
  return within(RECORDS, "readwrite", (rows) => ids.forEach((id) => rows.delete(id)));
}

export class Store {
  /** @param {CryptoKey} sealing @param {CryptoKey} naming @param {string} owner */
  constructor(sealing, naming, owner) {
    this.sealing = sealing;
    this.naming = naming;
    this.owner = owner;
  }

  /** @param {string} secret */
  static async open(secret) {
    const bytes = Uint8Array.from(atob(secret), (letter) => letter.charCodeAt(0));
    const root = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
    bytes.fill(0);
    /** @param {string} info @param {any} kind @param {KeyUsage[]} uses */
    const derive = (info, kind, uses) => crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8.encode(info) }, root, kind, false, uses);
    const sealing = await derive("oslonac store: content", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]);
    const naming = await derive("oslonac store: names", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]);
    return new Store(sealing, naming, text(await crypto.subtle.sign("HMAC", naming, utf8.encode("owner"))));
  }

  /** @param {string} name @returns {Promise<string>} the id under which a name is kept */
  async id(name) {
    return text(await crypto.subtle.sign("HMAC", this.naming, utf8.encode(`name ${name}`)));
  }

  /** @param {string} name @param {any} value */
  async put(name, value) {
    const id = await this.id(name);
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const plain = utf8.encode(JSON.stringify(value));
    const how = { name: "AES-GCM", iv: nonce, additionalData: utf8.encode(id) };
    const sealed = await crypto.subtle.encrypt(how, this.sealing, plain);
    await within(RECORDS, "readwrite", (rows) => answer(rows.put({ id, owner: this.owner, at: Date.now(), nonce, sealed })));
    return id;
  }

  /** @param {any} record */
  async opened(record) {
    const how = { name: "AES-GCM", iv: record.nonce, additionalData: utf8.encode(record.id) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, this.sealing, record.sealed)));
  }

  /** @param {string} name */
  async get(name) {
    const id = await this.id(name);
    const record = await within(RECORDS, "readonly", (rows) => answer(rows.get(id)));
    return record ? this.opened(record) : null;
  }

  async list() {
    const records = await within(RECORDS, "readonly", (rows) => answer(rows.index("owner").getAll(this.owner)));
    records.sort((one, other) => other.at - one.at);
    return Promise.all(records.map(async (each) => ({ id: each.id, at: each.at, value: await this.opened(each) })));
  }

  /** @param {string} name */
  async remove(name) {
    await forget([await this.id(name)]);
  }

  /** All of this person's. */
  async clear() {
    const owner = this.owner;
    await within(RECORDS, "readwrite", async (rows) => {
      for (const id of await answer(rows.index("owner").getAllKeys(owner))) rows.delete(id);
    });
  }
}
