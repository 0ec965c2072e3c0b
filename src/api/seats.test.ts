import t from "tap";
import { hasReason } from "../runtime/errors.ts";
import { Seats } from "./seats.ts";

t.test("what is too much is turned away, with a time to come back", async (t) => {
  const seats = new Seats({ requests: 1, watches: 1 });
  const release = seats.take("requests");
  try {
    seats.take("requests");
    t.fail("there was no seat left");
  } catch (error) {
    t.ok(hasReason(error, "TooManyRequests") && error.retryAfterSeconds === 1);
  }
  release();
  t.equal(seats.taken("requests"), 0);
  seats.take("requests");
});

t.test("a watch does not take the seat of a request", async (t) => {
  const seats = new Seats({ requests: 1, watches: 1 });
  seats.take("watches");
  t.doesNotThrow(() => seats.take("requests"));
});

t.test("a seat is given back once", async (t) => {
  const seats = new Seats({ requests: 2, watches: 1 });
  const release = seats.take("requests");
  seats.take("requests");
  release();
  release();
  t.equal(seats.taken("requests"), 1);
});
