import type { Rules } from "./rules";
import { refusal } from "./rules";

export interface BrokerUser {
  username: string;
  password: string;
}

/** A broker without a cloud's rules; with users, one of them has to be named. */
export function brokerRules(users: readonly BrokerUser[]): Rules {
  return {
    signed: false,
    maxFilters: Infinity,
    admit(connect) {
      if (users.length > 0) {
        const user = users.find((candidate) => candidate.username === connect.username);
        if (!user) return refusal(5, "unknown-user", `there is no user ${connect.username ?? "(none)"}`);
        if (connect.password?.toString() !== user.password) {
          return refusal(4, "bad-password", `the password is not that of ${user.username}`);
        }
      }
      return { identity: connect.clientId || undefined };
    },
    checkPublish(_identity, packet) {
      return packet.topic.startsWith("$SYS/")
        ? { code: "foreign-topic", reason: "$SYS topics are the broker's own" }
        : undefined;
    },
    checkSubscribe: () => undefined,
  };
}
