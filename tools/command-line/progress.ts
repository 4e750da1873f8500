/** Progress on stderr: one line that changes on a terminal, a line for each tenth elsewhere. */
export function showProgress(what: string): (done: number, total: number) => void {
  let last = -1;
  return (done, total) => {
    const tenth = Math.floor((done * 10) / total);
    const text = `${what} ${Math.floor((done * 100) / total)} % of ${total} bytes`;
    if (process.stderr.isTTY) process.stderr.write(`\r${text}${done === total ? "\n" : ""}`);
    else if (tenth !== last) process.stderr.write(`${text}\n`);
    last = tenth;
  };
}
