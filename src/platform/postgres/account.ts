import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The account the server runs under when it cannot be our own. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * Undefined when our own account will do. PostgreSQL refuses to run as root: then it is the account that owns the
 * data already (one `sudo npm start` must not take it from its user), or `nobody`.
 */
export function serverAccount(data: string): Account | undefined {
  if (process.platform === 'win32' || process.geteuid?.() !== 0) return undefined;
  const owner = statSync(data, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return fromPasswd() ?? fromId() ?? { uid: 65_534, gid: 65_534 };
}

/** chown(2) takes these ids unsigned, spawn takes them signed: macOS calls nobody -2. */
export function asSpawnIds(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid | 0, gid: account.gid | 0 } : {};
}

/**
 * Whether `account` can walk down to `path` and read it, by the permission bits of every folder above.
 * Access lists are not read: where one allows more than the bits do, we copy without need, and that is all.
 */
export function canReach(path: string, account: Account): boolean {
  for (let at = path, bits = 0o4; ; at = dirname(at), bits = 0) {
    const stat = statSync(at, { throwIfNoEntry: false });
    if (!stat) return false;
    const wanted = bits | (stat.isDirectory() ? 0o1 : 0);
    if ((classBits(stat, account) & wanted) !== wanted) return false;
    if (dirname(at) === at) return true;
  }
}

function classBits(stat: { uid: number; gid: number; mode: number }, account: Account): number {
  if (stat.uid === account.uid) return stat.mode >> 6;
  return stat.gid === account.gid ? stat.mode >> 3 : stat.mode;
}

function fromPasswd(): Account | undefined {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith('nobody:'));
    const [, , uid, gid] = line?.split(':') ?? [];
    return checked(Number(uid), Number(gid));
  } catch {
    return undefined;
  }
}

/** Where accounts come from a directory service, only the system's own tools know them. */
function fromId(): Account | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8', stdio: 'pipe' }));
    return checked(id('-u'), id('-g'));
  } catch {
    return undefined;
  }
}

function checked(uid: number, gid: number): Account | undefined {
  if (!Number.isInteger(uid) || !Number.isInteger(gid) || uid === 0) return undefined;
  return { uid: uid >>> 0, gid: gid >>> 0 };
}
