/**
 * Answers requests that Node rejects before Fastify sees them, such as invalid headers or incomplete requests
 * that time out.
 */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpProblem, PROBLEM_CONTENT_TYPE, problemDetails } from './problem.ts';

/** Is the error code for a CONNECT request, which Node passes on as a bare socket. */
export const CONNECT_REFUSED = 'CITIBIKE_CONNECT_REFUSED';

function problemOf(code: string | undefined): HttpProblem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new HttpProblem(408, 'request-timeout', 'The request did not arrive in time.');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new HttpProblem(431, 'bad-request', 'The headers are larger than this service reads.');
  if (code === 'HPE_INVALID_VERSION')
    return new HttpProblem(505, 'bad-request', 'This service speaks HTTP/1.1 and HTTP/1.0.');
  if (code === CONNECT_REFUSED)
    return new HttpProblem(405, 'method-not-allowed', 'This service is not a proxy: it rejects CONNECT.');
  return new HttpProblem(400, 'bad-request', 'The data received is not an HTTP request.');
}

export function answerBrokenRequest(error: { code?: string }, socket: Socket): void {
  // The caller reset the connection, or a response is already on its way.
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(error.code);
  const body = JSON.stringify(problemDetails(problem, '', randomUUID()));
  socket.write(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\ncontent-type: ${PROBLEM_CONTENT_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
  // Destroys the socket after the last write, because a caller may never close its side.
  socket.destroySoon();
}
