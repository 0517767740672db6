import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { lineSplitter } from '../line-splitter.ts';
import { endMarkedProcessesNow, hostMarkVariable } from '../marked-processes.ts';
import { type ControlMessage, controlFd, maxLineLength } from '../protocol.ts';
import { RunGate } from './run-gate.ts';

/**
 * The host's second thread. It answers the pool while a service keeps the main thread busy, and
 * ends the whole process group when the pool's end of a channel closes, which the kernel does
 * whatever way the daemon died.
 */
export function startWatchdog(): void {
  const gate = new RunGate(workerData as SharedArrayBuffer);
  const socket = new Socket({ fd: controlFd, readable: true, writable: true });
  const send = (message: ControlMessage): void => {
    socket.write(`${JSON.stringify(message)}\n`);
  };
  socket.setEncoding('utf8');
  socket.on(
    'data',
    lineSplitter((line) => answer(line, gate, send), {
      maxLength: maxLineLength,
      onTooLong: endProcessGroup,
    }),
  );
  parentPort?.on('message', endProcessGroup);
  socket.on('error', endProcessGroup);
  socket.on('close', endProcessGroup);
}

function answer(line: string, gate: RunGate, send: (message: ControlMessage) => void): void {
  if (line === 'r') send(['r', gate.close(), gate.current]);
  else send(['p', process.memoryUsage.rss(), gate.lastBegun, gate.current]);
}

// The host leads its own process group, so that what services forked goes with it; what has left
// the group bears its mark. This thread has the environment as it was before any service ran.
function endProcessGroup(): void {
  const mark = process.env[hostMarkVariable];
  if (mark !== undefined) endMarkedProcessesNow(mark);
  process.kill(-process.pid, 'SIGKILL');
}
