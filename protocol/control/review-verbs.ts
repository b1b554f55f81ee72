// The verbs of the review, a part of the table in verbs.ts: for reviewers alone.
import { z } from 'zod';
import { Count, Time } from '../measures.ts';
import { ReviewItemId, SessionId } from '../ids.ts';
import {
  AttemptReview,
  CommandHit,
  KeyAlertReview,
  PasteReview,
  RecordingEvent,
  ReviewNote,
  SessionReview,
} from '../records.ts';
import { reviewers } from './verb-roles.ts';

export const reviewVerbs = {
  /**
   * Everything a reviewer needs of a time range; the relay starts its clock for the measured review here. Of sessions
   * whose commands do not all fit into the answer `unfinished` says where `session.review` goes on.
   */
  'review.open': {
    roles: reviewers,
    params: z.object({ fromMs: Time, toMs: Time }),
    result: z.object({
      sessions: z.array(SessionReview),
      unfinished: z.array(z.object({ sessionId: SessionId, commandsFrom: Count })),
      attempts: z.array(AttemptReview),
      keyAlerts: z.array(KeyAlertReview),
      pastes: z.array(PasteReview),
      notes: z.array(ReviewNote),
      openedAt: Time,
    }),
  },
  /** `durationMs`: since `review.open`, by the relay's clock. Recorded, with what there was to review. */
  'review.complete': {
    roles: reviewers,
    params: z.object({ fromMs: Time, toMs: Time, verdict: z.enum(['clean', 'follow_up']) }),
    result: z.object({
      durationMs: Count,
      sessions: Count,
      exceptions: Count,
    }),
  },
  /**
   * One session as `review.open` tells it: what a search found may lie outside the time under review. Its commands come
   * in parts: `commandsNext` is the next `commandsFrom`, null with the last.
   */
  'session.review': {
    roles: reviewers,
    params: z.object({ sessionId: SessionId, commandsFrom: Count.optional() }),
    result: SessionReview.extend({ commandsNext: Count.nullable() }),
  },
  /** A note on one card of the review, for whoever reviews next. It stays; another one may correct it. */
  'review.note': {
    roles: reviewers,
    params: z.object({ itemId: ReviewItemId, text: z.string().trim().min(1).max(2000) }),
    result: z.object({ note: ReviewNote }),
  },
  /**
   * Commands of all sessions that began within the time and hold every word of the query, newest first. Recorded is
   * what a reviewer opens, not what was looked for: the same lines stand in `review.open`.
   */
  'command.search': {
    roles: reviewers,
    params: z.object({
      query: z.string().max(200),
      fromMs: Time,
      toMs: Time,
      limit: z.number().int().min(1).max(200),
    }),
    result: z.object({ commands: z.array(CommandHit), more: z.boolean() }),
  },
  /**
   * Pages of a recording. `cursor` null: from the start, which is recorded with its purpose; a null answer: that was
   * the last page.
   */
  'recording.read': {
    roles: reviewers,
    params: z.object({
      sessionId: SessionId,
      cursor: Count.nullable(),
      /** `play` when left out. */
      purpose: z.enum(['play', 'download']).optional(),
    }),
    result: z.object({
      events: z.array(RecordingEvent),
      nextCursor: Count.nullable(),
    }),
  },
} as const;
