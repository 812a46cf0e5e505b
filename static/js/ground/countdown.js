// The seconds of a question, or of a package of questions: on the browser's own steady clock, kept, so they run on when the
// page is loaded anew. The clock decides nothing: who asks the questions taps what was answered in time.
const clock = () => performance.timeOrigin + performance.now();

/** Which clock does a question stand under, and how long is it? null: none. */
export function clockOf(question) {
  if (question.package_s) return { key: `p${question.package}`, seconds: question.package_s };
  return question.seconds ? { key: `q${question.code}`, seconds: question.seconds } : null;
}

export const startedNow = () => clock();
export const secondsLeft = (started, seconds) => Math.max(0, Math.ceil(seconds - (clock() - started) / 1000));
