import type { Advice } from "./advice";

const field = "请修改 device.json 或表单中标出的字段。";
const credentials = {
  accepted: "凭据正确；若另有设备用同一凭据连接，本连接会被挤下线。",
  later: "也可能是保活时间不在 30–1200 秒之间",
};

export const zh: Advice = {
  codes: {
    "config-missing": field,
    "config-invalid": field,
    "config-unknown": "没有这个字段，请检查拼写。",
    "option-missing": field,
    "option-out-of-range": field,
    "will-forbidden": "云平台不支持遗嘱消息，请去掉。",
    "qos-unsupported": "请使用 QoS 0 或 1。",
    "topic-invalid": "请检查主题：不能为空；通配符只能用于订阅，且须独占一级，# 只能放在最后。",
    "topic-forbidden": "平台会拒绝该主题：只能使用本设备自己的主题，最长 128 字节，最多 7 个斜杠。",
    "url-invalid": "地址应形如 ws://主机:端口/路径 或 wss://主机:端口/路径。",
    "connect-failed": "服务器能否连通？请检查主机名、端口以及中间的网络。开发板会继续重试。",
    "socket-error": "网络中断了连接，稍后会自动重连。",
    "socket-closed": "服务器或中间设备直接断开了连接，没有说明原因，稍后会自动重连。",
    "connect-timeout": "在规定时间内没有应答：请检查主机和端口、防火墙是否丢包，以及该处是否运行着 MQTT 服务器。",
    "wifi-password": "请检查 wifi.password；旁边是驱动给出的原话。",
    "wifi-not-found": "请检查 wifi.ssid，并确认网络是 2.4 GHz 且信号可达。",
    "wifi-failed": "信号弱、拿不到 IP 地址或其他原因；旁边是驱动给出的原话。",
    "wifi-lost": "Wi-Fi 断开，或重新连上后地址变了。开发板会自动重新入网并重连。",
    "tls-failed": "该端口不支持使用 RSA 密钥的 TLS 1.2；同时会给出 TLS 库的错误号。",
    "tls-unverified": "开发板无法验证证书：连接阿里云时建议使用 ws，密钥本身不会被发送。",
    uncaught: "程序抛出了异常，或内存耗尽；上线后会以 fault 再次报告。",
    "handshake-refused": "旁边是服务器的应答：请检查主机、端口和路径。",
    "handshake-invalid": "应答方不是承载 MQTT 的 WebSocket 服务器：请检查主机、端口、路径和子协议。",
    "ping-timeout": "链路已断：心跳没有应答，稍后会自动重连。",
    "ack-timeout": "服务器仍应答心跳，但不再确认消息，稍后会自动重连。",
    kicked: "一连上就被踢下线，反复多次：请检查是否有另一台设备或另一个窗口在使用同一凭据。",
    "websocket-closed":
      "服务器关闭了 WebSocket，旁边是它的代码和原因。1000、1001 与设备无关；1002、1003 是设备的问题；1008 是服务器的策略。",
    "websocket-protocol": "服务器违反了 WebSocket 协议：中间是否有设备改动了数据？",
    "malformed-packet": "服务器发来的不是本客户端可用的 MQTT 报文：请查看最后收到的报文。",
    "send-overflow": "服务器不再读取数据，连接已放弃。",
    "subscription-refused": "没有该主题的权限：请在平台的产品设置中检查主题权限。",
    "message-too-large": "消息超过 maximumPacketSize，已跳过：请调大上限或减小消息。",
    "queue-full": "等待发送的消息太多：请等前面的消息得到确认。",
    "packet-too-large": "消息超过平台或队列的上限：请减小消息。",
    "not-a-byte-string": "主题和内容必须是文本或字节。",
    "retain-forbidden": "云平台不支持保留消息，请去掉 Retain。",
    "handler-threw": "你的处理函数抛出了异常，旁边是异常内容。",
    "storage-failed": "存储空间已满或损坏：请删除不需要的内容。",
    superseded: "队列中有更新的 QoS 0 消息，取代了这一条。",
    ended: "连接由本端主动断开。",
    "browser-connect-failed":
      "浏览器不会把原因告诉网页。请检查：服务器是否在运行，主机、端口和路径（可试 / 和 /mqtt），子协议；使用 wss 时还要检查证书，可用 https:// 打开同一地址，看浏览器的提示。在开发者工具中可以看到服务器的应答。",
    "browser-blocked":
      "浏览器没有发起连接。通过 https 打开的页面只允许使用 wss；要使用 ws，请从本地磁盘或 127.0.0.1 打开本页面。此外，有些端口也被浏览器禁用。",
    "protocol-mismatch":
      "服务器选择了别的子协议或没有选择，浏览器因此放弃连接：请试 mqtt；较旧的 3.1 服务器可试 mqttv3.1。",
  },
  connack: {
    names: ["接受", "不支持的协议版本", "客户端标识符被拒绝", "服务不可用", "用户名或密码错误", "未授权"],
    aliyun: [
      credentials.accepted,
      "请使用 MQTT 3.1.1 或 3.1（mqtt.protocolVersion 为 4 或 3）。",
      "ClientId 两条竖线之间缺少参数或参数有误。",
      `${credentials.later}、ClientId 超过 64 个字符，或一分钟内连接超过 5 次；否则请稍后再试。`,
      "签名错误：请检查 DeviceSecret、签名算法，以及签名之后是否改动过字段。",
      "ProductKey、DeviceName 与 DeviceSecret 不匹配，设备被禁用，或地域不对。",
    ],
    ucloud: [
      credentials.accepted,
      "如果 3.1.1 被拒绝，请使用 MQTT 3.1（mqtt.protocolVersion 为 3）。",
      "ClientId 不是 productSN.deviceSN。",
      `${credentials.later}；否则请稍后再试。`,
      "设备密钥错误，或 UserName 不是 productSN|deviceSN|1。",
      "产品与设备不匹配，或设备被禁用。",
    ],
    broker: [
      "凭据正确。",
      "服务器使用其他协议版本：请试 mqtt.protocolVersion 3。",
      "服务器不接受这个客户端标识符，或不允许它为空。",
      "服务器过载或正在关闭：请稍后再试。",
      "服务器不认识该用户，或密码不对。",
      "服务器认识该用户，但不允许其连接。",
    ],
  },
  unknown: "本工具不认识这个代码，只有旁边的原因可供参考。",
};
