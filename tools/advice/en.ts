import type { Advice } from "./advice";

const field = "Mend the named field of device.json, or of the form.";
const credentials = {
  accepted: "The credentials are right; a second connection with them puts this one off.",
  later: "Also a keepalive outside 30 to 1200 s",
};

export const en: Advice = {
  codes: {
    "config-missing": field,
    "config-invalid": field,
    "config-changed": "Nothing to do: the board starts again by itself, with what has changed.",
    "config-unknown": "The field's name is unknown: look for a misspelling.",
    "option-missing": field,
    "option-out-of-range": field,
    "will-forbidden": "The clouds take no Will: leave it out.",
    "qos-unsupported": "Use QoS 0 or 1.",
    "topic-invalid": "Check the topic: not empty, a wildcard only in a filter and alone in its level, # last.",
    "topic-forbidden":
      "The platform would refuse this topic: it must be one of this device's own, at most 128 bytes and 7 slashes.",
    "url-invalid": "The URL must look like ws://host:port/path or wss://host:port/path.",
    "connect-failed":
      "Is the server reachable? Check host name, port, and the network in between. The board keeps trying.",
    "socket-error":
      'The network broke the connection, or ("unsent data") it never stood: check host name and port. It is tried again.',
    "socket-closed": "The server or something in between ended the connection without a word. It is tried again.",
    "connect-timeout":
      "Nothing answered in time: check host and port, whether a firewall drops packets, and whether an MQTT server listens there.",
    "wifi-password": "Check wifi.password; the driver's word is quoted.",
    "wifi-not-found": "Check wifi.ssid, and that the network is on 2.4 GHz and in reach.",
    "wifi-failed": "Weak signal, no address, or something else: the driver's word is quoted.",
    "wifi-lost": "The network has gone, or came back with another address. The board rejoins and reconnects.",
    "tls-failed": "No TLS 1.2 with an RSA key at that port; a line with the TLS library's own number comes with it.",
    "tls-memory":
      "This image has no memory for TLS, so wss cannot work on it: use ws, a board with PSRAM, an S3 or C3, or an image built with a larger ESP_HEAP_SIZE. npm run provision -- --register does a registration from the computer.",
    "tls-setup":
      "TLS could not be set up: the library's own words are quoted. Each failure takes a socket until the chip restarts.",
    "tls-missing": "This build of Espruino has no TLS, so wss cannot work on it: use ws, or another image.",
    "ca-invalid": "ca.der is no certificate in DER: npm run provision -- --ca writes it from PEM or DER.",
    offline:
      "A planned reboot: the board had been offline for long, and rejoining did not help. Is the access point on and in reach?",
    memory:
      "A planned reboot, before the memory that each Wi-Fi event costs was used up. Often: look why the Wi-Fi is lost.",
    sockets: "A planned reboot: connections that failed had used up the board's sockets. Look at the errors before it.",
    "tls-unverified":
      "The board cannot verify certificates: prefer ws with Alibaba Cloud, where the secret itself is never sent.",
    uncaught: "A sketch threw, or memory ran out. It is told again as a fault once the board is online.",
    "handshake-refused": "The server's answer is quoted: check host, port and path.",
    "handshake-invalid": "What answered is no WebSocket server for MQTT: check host, port, path and subprotocol.",
    "ping-timeout": "The link was dead: no answer to a ping. It is connected again.",
    "ack-timeout": "The server answers pings but no longer acknowledges. It is connected again.",
    kicked:
      "Put off right after connecting, again and again: look for a second device, or another window, with the same credentials.",
    "websocket-closed":
      "The server closed the WebSocket; its code and reason are quoted. 1000 and 1001 are no fault of the device, 1002 and 1003 are, 1008 is a policy. Again and again right after connecting: a second device with the same identity.",
    "websocket-protocol": "The server broke the rules of WebSocket: is something in between changing the bytes?",
    "malformed-packet": "The server sent what is no MQTT packet for this client: look at the last packet that came.",
    "send-overflow": "The server does not read. The connection was given up.",
    "subscription-refused": "No permission for this topic: look at the topic's permission in the platform's product.",
    "message-too-large": "A message over maximumPacketSize was skipped: raise it, or send less.",
    "queue-full": "Too much waits already: wait until messages are acknowledged.",
    "packet-too-large": "The message is over the platform's or the queue's limit: send less.",
    "not-a-byte-string": "Topic and payload must be text or bytes.",
    "retain-forbidden": "The clouds take no Retain: leave it out.",
    "registration-insecure": "Alibaba Cloud registers over wss only: leave url out, or let it begin with wss://.",
    "registration-secret": "Compare the product's key and productSecret with the product's page in the console.",
    "registration-refused":
      "Add the device in the console and switch dynamic registration on for its product. One that is active already needs its own deviceSecret, or is deleted and made again.",
    "registration-timeout":
      "No secret came within 14 s. Look in the console whether the device is active; where it is not, restart the board.",
    "registration-failed":
      "The reason is quoted. Look in the console whether the device is active; where it is not, restart the board.",
    "registration-storage": "The secret could not be kept and was not used: make room in Storage, restart the board.",
    "clock-invalid": "The time service's answer held no time: messages go without one.",
    "thing-refused":
      "The cloud's code is quoted, with its name where its documents have one: compare the report with the thing model in the console.",
    "shadow-refused": "The cloud's code is quoted, with its name where its documents have one.",
    "thing-timeout": "No answer within 30 s online: does the product have a thing model in the console?",
    "shadow-timeout": "No answer within 30 s online: is the shadow on for this product in the console?",
    "thing-invalid": "What came down is no JSON object.",
    "shadow-invalid": "What came down is no JSON object.",
    "json-invalid": "What was to be sent has over eight levels, or holds itself.",
    "command-timeout": "The sketch had not replied when the cloud's time for it was over.",
    "not-configured":
      "There is no session with a cloud: device.json has a fault, the board registers or is in safe mode, or the platform is a plain broker.",
    "requests-full": "Eight requests wait for their answers: wait before asking for more.",
    "shadow-busy": "The shadow takes one request at a time: wait for its answer.",
    "handler-threw": "A handler of yours threw; what it said is quoted.",
    "storage-failed": "Storage is full or broken: erase what is not needed.",
    superseded: "A newer QoS 0 message took this one's place in the queue.",
    ended: "The connection was ended here.",
    "browser-connect-failed":
      "A browser does not tell pages why. Check that the server runs, host, port and path (try / and /mqtt), the subprotocol, and over wss its certificate: open the address with https:// and see what the browser says. Its developer tools show the server's answer.",
    "browser-blocked":
      "The browser did not even try. From a page that came over https it allows only wss; open this page from the disk or from 127.0.0.1 for ws. Some ports are barred as well.",
    "protocol-mismatch":
      "The server took another subprotocol or none, so the browser gave up: try mqtt, or mqttv3.1 for an old 3.1 broker.",
  },
  connack: {
    names: [
      "accepted",
      "unacceptable protocol version",
      "identifier rejected",
      "server unavailable",
      "bad user name or password",
      "not authorized",
    ],
    aliyun: [
      credentials.accepted,
      "Use MQTT 3.1.1, or 3.1 (mqtt.protocolVersion 4 or 3).",
      "A parameter between the bars of the ClientId is missing or wrong.",
      `${credentials.later}, a ClientId over 64 characters, or more than 5 connects in a minute; otherwise try again later.`,
      "The signature is wrong: check the device secret, the sign method, and that no field was changed after signing.",
      "Product key, device name and secret do not belong together, the device is disabled, or the region is another.",
    ],
    ucloud: [
      credentials.accepted,
      "Use MQTT 3.1 (mqtt.protocolVersion 3) where 3.1.1 is refused.",
      "The ClientId is not productSN.deviceSN.",
      `${credentials.later}; otherwise try again later.`,
      "The device secret is wrong, or the UserName is not productSN|deviceSN|1.",
      "Product and device do not belong together, or the device is disabled.",
    ],
    broker: [
      "The credentials are right.",
      "The broker speaks another version: try mqtt.protocolVersion 3.",
      "The broker does not take this client id, or none that is empty.",
      "The broker is overloaded or shutting down: try again later.",
      "The broker does not know this user, or the password is another.",
      "The broker knows the user and does not let it connect.",
    ],
  },
  unknown: "Unknown to this tool: the reason beside it is all there is.",
};
