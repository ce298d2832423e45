/** The daemon clumpjobs: sends processes of this node to others and takes theirs. */

import { mkdirSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import type { Log } from "../../system/log.ts";
import { uptime } from "../../system/uptime.ts";
import { type Room, Rooms } from "../balance/room.ts";
import { STATUS } from "../gossip/entry.ts";
import { takeByLine } from "../links/first-line.ts";
import { NodeSockets } from "../links/node-sockets.ts";
import { recoverGroups, removeEmptyGroups } from "../migration/freezer.ts";
import { Injector } from "../migration/injector.ts";
import { readHome } from "../migration/order.ts";
import { Passage } from "../migration/passage.ts";
import { clearImages } from "../migration/run-criu.ts";
import type { Reach } from "../tunnel/reach.ts";
import type { NodeView } from "../view.ts";
import { Clearing } from "./clearing.ts";
import { type Commands, listenOn, startCommandsServer } from "./commands-server.ts";
import { Departures } from "./departures.ts";
import { Deputies } from "./deputies.ts";
import { GuestNodes, Homes, NOWHERE, UNDECIDED } from "./guest-nodes.ts";
import { Guests } from "./guests.ts";
import { Hops } from "./hops.ts";
import { endOfInjector, recordInjector } from "./injector-record.ts";
import { listJobs } from "./job-list.ts";
import { dialJobs, startJobsServer } from "./jobs-server.ts";
import type { Members } from "./members.ts";
import { MoveReporter } from "./move-reporter.ts";
import type { NodeFiles } from "./node-files.ts";
import { CGROUP_FOLDER, GUESTS_GROUP, JOB_PATHS, JOB_PROGRAMS } from "./paths.ts";
import { type AwayJob, type GuestRecord, parseAwayJob, parseGuestRecord, parseWish } from "./record.ts";
import { Refusal } from "./refusal.ts";
import { Registry } from "./registry.ts";
import { Runs } from "./runs.ts";

export interface JobsOptions {
  readonly members: Members;
  readonly reach: Reach;
  /** Gives the path of criu, which may have to be made ready first. */
  readonly criu: () => Promise<string>;
  /** What names the image of this node. */
  readonly image: string;
  readonly files: NodeFiles;
  /** Runs the injector: clumpjobs --inject. */
  readonly injector: readonly string[];
  /** The listening socket of the commands, default a new one. */
  readonly commandsDescriptor?: number | undefined;
  readonly log: Log;
  /** This node has another address than `reach` was opened with, or needs the daemon no more. */
  readonly moved: () => void;
  /** The LAN address that `reach` was opened with. */
  readonly address: string;
}

const SWEEP_MILLISECONDS = 1_000;
const NO_GUESTS = "this node takes no guests (mosctl block)";

export class JobsDaemon {
  readonly #options: JobsOptions;
  readonly #away: Registry<AwayJob>;
  readonly #present: Registry<GuestRecord>;
  readonly #deputies: Deputies;
  readonly #guests: Guests;
  readonly #nodes: GuestNodes;
  readonly #hops: Hops;
  readonly #departures: Departures;
  readonly #clearing: Clearing;
  readonly #injector: Injector;
  readonly #sockets = new NodeSockets();
  readonly #rooms = new Rooms();
  readonly #runs: Runs;
  readonly #reporter: MoveReporter;
  readonly #servers: Server[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isExpelling = false;

  constructor(options: JobsOptions) {
    this.#options = options;
    const { members, reach, criu, log, address, image, files } = options;
    mkdirSync(JOB_PATHS.folder, { recursive: true, mode: 0o711 });
    mkdirSync(JOB_PATHS.guests, { recursive: true, mode: 0o700 });
    this.#away = new Registry(JOB_PATHS.awayRecords, parseAwayJob, (jobs) =>
      files.allowUsers(jobs.map(({ uid }) => uid)),
    );
    const wishes = new Registry(JOB_PATHS.wishes, parseWish);
    this.#present = new Registry(JOB_PATHS.guestRecords, parseGuestRecord);
    const dial = async (node: string) => {
      const socket = await dialJobs(await reach.to(node));
      this.#sockets.keep(node, socket);
      return socket;
    };
    const told = { away: () => this.#deputies.away, guests: () => this.#present.all };
    const reporter = new MoveReporter({ own: address, ...told });
    this.#reporter = reporter;
    const passageTo = async (node: string) => new Passage(await dial(node), reporter);
    const parts = { nodes: () => this.#nodes, hops: () => this.#hops };
    const homes = new Homes({ own: address, ...parts, whereIs: (job) => this.#whereIs(job) });
    this.#guests = new Guests({
      ...{ registry: this.#present, members, files, criu, passageTo, homes, reporter, log },
      arrival: {
        ...{ folder: JOB_PATHS.guests, guest: JOB_PROGRAMS.supervisor, gate: JOB_PROGRAMS.gate },
        ...{ socket: JOB_PATHS.supervisors, group: GUESTS_GROUP },
      },
    });
    this.#nodes = new GuestNodes({ own: address, dial, guests: this.#guests });
    this.#deputies = new Deputies({
      ...{ registry: this.#away, members, nodes: this.#nodes, reporter, log },
      program: JOB_PROGRAMS.deputy,
      startAgain: async (job) => await this.#hops.startAgain(job),
    });
    this.#hops = new Hops({
      ...{ registry: this.#away, members, nodes: this.#nodes, deputies: this.#deputies, log },
      ...{ own: address, passageHere: async () => new Passage(connect(JOB_PATHS.restarts)) },
    });
    this.#injector = new Injector({ command: options.injector, started: recordInjector });
    this.#departures = new Departures({
      ...{ registry: this.#away, members, log, passageTo, hops: this.#hops, image, injector: this.#injector },
      ...{ criu, nodes: this.#nodes, reporter, wishes, sendsRoot: files.servesRoot },
    });
    this.#runs = new Runs({ wishes, members, departures: this.#departures, log });
    this.#clearing = new Clearing({
      ...{ away: this.#away, present: this.#present, departures: this.#departures },
      ...{ nodes: this.#nodes, own: address },
    });
  }

  /** @throws Error where a socket cannot be opened */
  async start(): Promise<void> {
    const { reach, log, address } = this.#options;
    // The injector of a daemon that died comes to the end of its work first.
    await endOfInjector();
    clearImages(JOB_PATHS.images);
    for (const pid of recoverGroups(CGROUP_FOLDER, GUESTS_GROUP))
      log.warn(`process ${pid} was on its way when the daemon ended: it runs on where it was`);
    this.#deputies.forgetUnmoved();
    this.#guests.resume();
    await this.#options.files.start();
    this.#sweep();
    await this.#listen(
      JOB_PATHS.deputies,
      0o666,
      async (line, socket) => await this.#deputies.take(line, socket),
    );
    await this.#listen(JOB_PATHS.supervisors, 0o600, (line, socket) =>
      this.#guests.takeSupervisor(line, socket),
    );
    await this.#listen(
      JOB_PATHS.restarts,
      0o600,
      async (line, socket) => await this.#guests.take(address, line, socket),
    );
    this.#servers.push(
      await startJobsServer({
        address: reach.own,
        from: (address) => reach.from(address),
        refusal: (order) => this.#refusal(order),
        promiseRoom: (room) => this.#promiseRoom(room),
        recall: async (from, job) => await this.#departures.recall(from, job),
        pass: async (from, job, to, room) => await this.#departures.pass(from, job, to, room),
        whereIs: (job) => this.#whereIs(job),
        isToGo: (from, job, next) => this.#hops.isToGo(from, job, next),
        keep: (node, socket) => this.#sockets.keep(node, socket),
        guests: this.#guests,
      }),
      await this.#startCommands(),
    );
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MILLISECONDS);
  }

  /** Deputies and supervisors go on without the daemon, and find the next. Gives whether nothing needs a next. */
  stop(): boolean {
    clearInterval(this.#timer);
    this.#injector.stop();
    for (const server of this.#servers) server.close();
    return this.#clearing.hasFinished;
  }

  #startCommands(): Promise<Server> {
    const commands: Commands = {
      migrate: async ({ pid, to, room }, uid) => {
        const { node } = await this.#departures.migrate(pid, to, uid, { room });
        return `process ${pid} runs on ${node}`;
      },
      sendOnward: async (request, uid) => await this.#clearing.sendOnward(request, uid),
      clear: async (verb, uid) => await this.#clear(verb, uid),
      finish: (uid) => this.#clearing.finish(uid),
      run: (words, runner) => this.#runs.answer(words, runner),
      list: (uid) => {
        const jobs = listJobs(uid, this.#deputies.away, this.#present.all, this.#options.members);
        return { jobs, locked: this.#runs.locked };
      },
    };
    return startCommandsServer(commands, this.#options.commandsDescriptor);
  }

  #whereIs(job: string): string {
    const record = this.#away.get(job);
    if (record === undefined) return NOWHERE;
    if (this.#departures.isLeaving(record.pid) || record.next !== undefined) return UNDECIDED;
    return this.#deputies.placeOf(job) ?? NOWHERE;
  }

  async #listen(path: string, mode: number, take: Parameters<typeof takeByLine>[1]): Promise<void> {
    const server = createServer((socket) => void takeByLine(socket, take));
    await listenOn(server, path, mode);
    this.#servers.push(server);
  }

  #sweep(): void {
    const { members, address, moved } = this.#options;
    if (this.#clearing.hasFinished || (members.own !== undefined && members.own.address !== address)) moved();
    this.#sockets.sweep((node) => members.isGone(node));
    this.#deputies.sweep();
    this.#guests.sweep();
    this.#hops.sweep();
    this.#runs.sweep();
    this.#options.files.sweep();
    removeEmptyGroups(CGROUP_FOLDER);
    this.#reporter.update();
  }

  async #clear(verb: "expel" | "bring", uid: number): Promise<void> {
    if (uid !== 0) throw new Refusal("Permission denied.");
    if (verb === "bring") return await this.#clearing.bring();
    this.#isExpelling = true;
    try {
      await this.#clearing.expel();
    } finally {
      this.#isExpelling = false;
    }
  }

  #refusal(order: string): string | undefined {
    // What is of this node comes home in any case.
    if (readHome(order) === this.#options.address) return undefined;
    return this.#takesGuests(this.#options.members.own) ? undefined : NO_GUESTS;
  }

  #promiseRoom(room: Room): string | undefined {
    const { own } = this.#options.members;
    if (own === undefined || !this.#takesGuests(own)) return NO_GUESTS;
    return this.#rooms.promise(room, own, uptime());
  }

  #takesGuests(own: NodeView | undefined): boolean {
    return ((own?.status ?? 0) & STATUS.block) === 0 && !this.#isExpelling;
  }
}
