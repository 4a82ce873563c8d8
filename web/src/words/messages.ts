/** Every word of the live page, in English, Chinese and Spanish. */

import type { Language } from "../protocol/events.ts";
import { read, type Table, type Values } from "./table.ts";

export type { Values } from "./table.ts";

const MESSAGES = {
  title: ["Talk with {name}", "与 {name} 对话", "Habla con {name}"],
  choosePersona: ["Who you talk with", "对话对象", "Con quién hablas"],
  portraitOf: ["{name}, live", "{name}，实时画面", "{name}, en vivo"],
  meet: ["Tap to meet {name}", "点一下，认识 {name}", "Toca para conocer a {name}"],
  meetHint: [
    "She speaks first. Turn your sound on.",
    "她会先开口，请打开声音。",
    "Ella habla primero. Activa el sonido.",
  ],
  loading: ["Getting ready", "正在准备", "Preparando todo"],
  loadingHint: [
    "The first start fetches the models and can take a few minutes.",
    "首次启动需要获取模型，可能要几分钟。",
    "El primer arranque descarga los modelos y puede tardar unos minutos.",
  ],
  preparing: ["Preparing {what}", "正在准备{what}", "Preparando {what}"],
  kind_vad: ["listening", "听觉", "la escucha"],
  kind_turn_detector: ["turn taking", "话轮判断", "los turnos"],
  kind_stt: ["speech recognition", "语音识别", "el reconocimiento de voz"],
  kind_llm: ["the language model", "语言模型", "el modelo de lenguaje"],
  kind_tts: ["her voice", "她的声音", "su voz"],
  kind_embedder: ["course search", "课程检索", "la búsqueda de cursos"],
  kind_avatar: ["the portrait", "肖像", "el retrato"],
  kind_other: ["the server", "服务器", "el servidor"],
  connecting: ["Connecting", "正在连接", "Conectando"],
  idle: [
    "Tap the microphone, or hold the space bar",
    "点击麦克风，或按住空格键",
    "Toca el micrófono o mantén la barra espaciadora",
  ],
  idleTouch: ["Tap the microphone to talk", "点击麦克风开始说话", "Toca el micrófono para hablar"],
  idlePush: ["Hold to talk", "按住说话", "Mantén para hablar"],
  ready: ["Go ahead, I am listening", "请说，我在听", "Adelante, te escucho"],
  listening: ["Listening", "正在听", "Escuchando"],
  listeningPush: ["Listening. Let go to send", "正在听，松开即发送", "Escuchando. Suelta para enviar"],
  thinking: ["Thinking", "正在想", "Pensando"],
  speaking: ["Speaking. Tap to interrupt", "正在说，点击可打断", "Hablando. Toca para interrumpir"],
  paused: ["Paused", "已暂停", "En pausa"],
  asking: ["Waiting for the microphone", "等待麦克风授权", "Esperando el micrófono"],
  microphoneStart: ["Start talking", "开始说话", "Empezar a hablar"],
  microphoneStop: ["Turn the microphone off", "关闭麦克风", "Apagar el micrófono"],
  microphoneHold: ["Hold to talk", "按住说话", "Mantén para hablar"],
  microphoneSend: ["Send what you said", "发送刚才的话", "Enviar lo dicho"],
  interrupt: ["Interrupt", "打断", "Interrumpir"],
  stop: ["Stop", "停止", "Detener"],
  send: ["Send", "发送", "Enviar"],
  write: ["Write to {name}", "写给 {name}", "Escribe a {name}"],
  writeShort: ["Write", "输入文字", "Escribe"],
  handsFree: ["Hands-free", "免按", "Manos libres"],
  pushToTalk: ["Push to talk", "按住说话", "Pulsar para hablar"],
  modeNow: ["{mode}. Tap to change", "{mode}，点击切换", "{mode}. Toca para cambiar"],
  language: ["Language", "语言", "Idioma"],
  languageAuto: ["Auto", "自动", "Auto"],
  conversation: ["Conversation", "对话记录", "Conversación"],
  conversationEmpty: ["Nothing has been said yet.", "还没有说话。", "Todavía no se ha dicho nada."],
  you: ["You", "你", "Tú"],
  interrupted: ["interrupted", "被打断", "interrumpida"],
  restart: ["Start over", "重新开始", "Empezar de nuevo"],
  details: ["Times and engines", "用时与引擎", "Tiempos y motores"],
  close: ["Close", "关闭", "Cerrar"],
  studio: ["Make a video in the studio", "到工作室制作视频", "Crear un video en el estudio"],
  courses: ["Courses for you", "为你推荐的课程", "Cursos para ti"],
  coursesShow: ["Show the courses", "显示课程", "Mostrar los cursos"],
  documents: ["Documents", "文档", "Documentos"],
  citationsShow: ["Show where this comes from", "显示资料来源", "Mostrar de dónde sale esto"],
  hours: ["{hours} h", "{hours} 小时", "{hours} h"],
  openCourse: ["View course", "查看课程", "Ver curso"],
  turns: ["Last turns", "最近几轮", "Últimos turnos"],
  turnsEmpty: [
    "Times appear here after the first answer.",
    "第一次回答后会显示用时。",
    "Los tiempos aparecen tras la primera respuesta.",
  ],
  turnSummary: ["Answered after {time}", "{time} 后回答", "Respondió tras {time}"],
  stepHeard: ["Heard", "听到", "Oído"],
  stepUnderstood: ["Understood", "听懂", "Entendido"],
  stepFirstWord: ["First word", "首词", "Primera palabra"],
  stepFirstSound: ["First sound", "首音", "Primer sonido"],
  stepMouth: ["Mouth", "口型", "Boca"],
  milliseconds: ["{ms} ms", "{ms} 毫秒", "{ms} ms"],
  seconds: ["{s} s", "{s} 秒", "{s} s"],
  speed: ["{rate} tokens/s", "{rate} 词元/秒", "{rate} tokens/s"],
  engines: ["Engines", "引擎", "Motores"],
  engine_vad: ["Voice activity", "语音活动", "Actividad de voz"],
  engine_turn_detector: ["Turn taking", "话轮判断", "Turnos"],
  engine_stt: ["Speech recognition", "语音识别", "Reconocimiento"],
  engine_llm: ["Language model", "语言模型", "Modelo de lenguaje"],
  engine_tts: ["Voice", "语音合成", "Voz"],
  engine_embedder: ["Search", "检索", "Búsqueda"],
  connection: ["Connection", "连接", "Conexión"],
  connected: ["Connected", "已连接", "Conectado"],
  notConnected: ["Not connected", "未连接", "Sin conexión"],
  session: ["Session", "会话", "Sesión"],
  known: ["What {name} knows", "{name} 已了解", "Lo que {name} sabe"],
  goal: ["Goal", "目标", "Meta"],
  level: ["Level", "水平", "Nivel"],
  career: ["Career", "职业", "Profesión"],
  retry: ["Try now", "立即重试", "Probar ahora"],
  tryAgain: ["Try again", "再试一次", "Reintentar"],
  typeInstead: ["Type instead", "改用文字", "Escribir"],
  dismiss: ["OK", "好", "De acuerdo"],
  serverGone: [
    "The server does not answer. Start it again; the conversation goes on.",
    "服务器没有回应。请重新启动，对话会继续。",
    "El servidor no responde. Inícialo de nuevo; la conversación sigue.",
  ],
  reconnecting: [
    "The connection was lost. Reconnecting; nothing said is lost.",
    "连接已断开，正在重连，对话不会丢失。",
    "Se perdió la conexión. Reconectando; no se pierde lo dicho.",
  ],
  queued: [
    "All places are taken. You are number {position} in line.",
    "目前已满，你排在第 {position} 位。",
    "Todo está ocupado. Eres el número {position} de la fila.",
  ],
  turnWaits: [
    "Others are being answered first. You are number {position}.",
    "正在先回答其他人，你排在第 {position} 位。",
    "Primero se responde a otros. Eres el número {position}.",
  ],
  tooMany: [
    "Too many people are talking right now. Try again in a minute.",
    "现在对话的人太多，请稍后再试。",
    "Hay demasiadas conversaciones ahora. Prueba en un minuto.",
  ],
  goOn: ["Go on", "继续", "Continuar"],
  idleEnded: [
    "Nothing was said for a while, so the line was closed.",
    "很久没有说话，连接已关闭。",
    "Hubo un rato de silencio y se cerró la línea.",
  ],
  failedToLoad: [
    "Something could not be loaded. The server's log says what.",
    "有组件未能加载，详情见服务器日志。",
    "Algo no se pudo cargar. El registro del servidor dice qué.",
  ],
  outThinking: [
    "Her thinking does not answer, so she says only the simplest things. It is tried again by itself.",
    "语言模型没有回应，她只能说简单的话。系统会自动重试。",
    "Su modelo de lenguaje no responde; solo dice lo más sencillo. Se reintenta solo.",
  ],
  outHearing: [
    "Speech recognition does not answer, so she cannot hear you. It is tried again by itself; you can type.",
    "语音识别没有回应，她听不到你。系统会自动重试，你可以打字。",
    "El reconocimiento de voz no responde y no puede oírte. Se reintenta solo; puedes escribir.",
  ],
  outSpeaking: [
    "Her voice does not answer, so she writes. It is tried again by itself.",
    "语音合成没有回应，她改用文字回答。系统会自动重试。",
    "Su voz no responde, así que escribe. Se reintenta sola.",
  ],
  outOther: [
    "A part of the server does not answer. It is tried again by itself.",
    "服务器的一个组件没有回应，系统会自动重试。",
    "Una parte del servidor no responde. Se reintenta sola.",
  ],
  engineOut: ["does not answer", "没有回应", "no responde"],
  microphoneDenied: [
    "The microphone is blocked. Allow it in the address bar, or type instead.",
    "麦克风被禁用。请在地址栏允许，或改用文字。",
    "El micrófono está bloqueado. Permítelo en la barra de direcciones o escribe.",
  ],
  microphoneInsecure: [
    "Browsers allow the microphone only over https or on localhost. You can type.",
    "浏览器仅在 https 或 localhost 下允许麦克风。你可以输入文字。",
    "El micrófono solo funciona con https o en localhost. Puedes escribir.",
  ],
  microphoneMissing: [
    "No microphone was found. Plug one in, or type instead.",
    "没有找到麦克风。请接入麦克风，或改用文字。",
    "No se encontró un micrófono. Conecta uno o escribe.",
  ],
  microphoneBusy: [
    "Another program is using the microphone. Close it, or type instead.",
    "麦克风正被其他程序占用。请关闭该程序，或改用文字。",
    "Otro programa usa el micrófono. Ciérralo o escribe.",
  ],
  microphoneUnsupported: [
    "This browser cannot record here. You can type.",
    "此浏览器无法录音，你可以输入文字。",
    "Este navegador no puede grabar aquí. Puedes escribir.",
  ],
  unsupported: [
    "This browser is too old for a live conversation. A current Chrome, Edge, Firefox or Safari works.",
    "此浏览器版本过旧，无法实时对话。请使用新版 Chrome、Edge、Firefox 或 Safari。",
    "Este navegador es demasiado antiguo para conversar en vivo. Usa una versión actual de Chrome, Edge, Firefox o Safari.",
  ],
  still: [
    "This browser shows a still picture, because WebGL 2 is off. Her voice works.",
    "WebGL 2 未启用，只能显示静态画面，语音不受影响。",
    "Este navegador muestra una imagen fija porque WebGL 2 está desactivado. La voz funciona.",
  ],
} as const satisfies Table;

export type MessageKey = keyof typeof MESSAGES;

export function message(language: Language, key: MessageKey, values: Values = {}): string {
  return read(MESSAGES[key], language, values);
}

/** The key made of `prefix` and a name from the server, or `fallback` when there is no such message. */
export function keyFor(prefix: string, name: string, fallback: MessageKey): MessageKey {
  const key = `${prefix}_${name}`;
  return key in MESSAGES ? (key as MessageKey) : fallback;
}

export const MESSAGE_KEYS = Object.keys(MESSAGES) as MessageKey[];
