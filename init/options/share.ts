/** The option `clump.mount`: shares of file servers that a node mounts by itself. */

/** A folder of an NFS server, and where it is to be on the node. */
export interface Share {
  readonly type: "nfs4" | "nfs";
  /** A name or an address. */
  readonly server: string;
  readonly path: string;
  readonly mountPoint: string;
}

export const SHARE_WANTED = "a share as nfs4:SERVER:/path:/mountpoint, or nfs: for NFS 3";

const SHARE = /^(nfs4?):([a-z0-9][a-z0-9.-]*):(\/[^:]*):(\/[^:]+)$/i;
/** Folders whose content a node lives on. */
const OWN = /^\/(usr|bin|sbin|lib|lib64|dev|proc|sys|run|tmp|etc)(\/|$)/;

/** Parses one share; undefined for a value that is none, and for a mount point that would hide the node's own files. */
export function parseShare(value: string): Share | undefined {
  const [, type, server = "", path = "", mountPoint = ""] = SHARE.exec(value) ?? [];
  if ((type !== "nfs4" && type !== "nfs") || /^\/+$/.test(mountPoint) || OWN.test(mountPoint))
    return undefined;
  return mountPoint.split("/").includes("..") ? undefined : { type, server, path, mountPoint };
}
