/** The words about being remembered, in English, Chinese and Spanish. */

import type { Table } from "./table.ts";

export const MEMORY = {
  question: [
    "May this server remember your conversations?",
    "可以让此服务器记住你的对话吗？",
    "¿Puede este servidor recordar tus conversaciones?",
  ],
  explained: [
    "What you two say is kept as text for {days} days, and taken up when you come back with this browser. You can see, save and delete it at any time under Times and engines.",
    "你们的对话会以文字形式保存 {days} 天，用此浏览器再来时可以接着聊。你可以随时在“用时与引擎”中查看、保存或删除。",
    "Lo que habláis se guarda como texto durante {days} días y se retoma cuando vuelvas con este navegador. Puedes verlo, guardarlo y borrarlo cuando quieras en Tiempos y motores.",
  ],
  yes: ["Yes, remember me", "可以，请记住我", "Sí, recuérdame"],
  no: ["No", "不用", "No"],
  title: ["Memory", "记忆", "Memoria"],
  off: [
    "You are not remembered. When the page is closed, what was said is gone.",
    "没有记住你。关闭页面后，对话内容即消失。",
    "No se te recuerda. Al cerrar la página, lo dicho desaparece.",
  ],
  nothing: [
    "You are remembered from now on. Nothing is kept yet.",
    "从现在起会记住你，目前还没有内容。",
    "Se te recuerda desde ahora. Aún no hay nada guardado.",
  ],
  kept: [
    "Kept for {days} days after each conversation, known by a secret in this browser alone.",
    "每次对话后保存 {days} 天，仅凭此浏览器中的密钥识别。",
    "Se guarda {days} días tras cada conversación; solo te reconoce un secreto de este navegador.",
  ],
  conversation: ["{date}, {count} messages", "{date}，{count} 条消息", "{date}, {count} mensajes"],
  you: ["You", "你", "Tú"],
  knows: ["{name} knows: {facts}", "{name} 知道：{facts}", "{name} sabe: {facts}"],
  save: ["Save as a file", "保存为文件", "Guardar como archivo"],
  forget: ["Delete this conversation", "删除此对话", "Borrar esta conversación"],
  forgetAll: ["Delete everything", "全部删除", "Borrar todo"],
  revoke: ["Stop remembering me", "不再记住我", "Dejar de recordarme"],
  revokeHint: [
    "Deletes everything and ends your agreement.",
    "删除所有内容并撤回你的同意。",
    "Borra todo y retira tu permiso.",
  ],
  failed: [
    "That did not work. Try again in a moment.",
    "操作未成功，请稍后再试。",
    "No ha funcionado. Prueba de nuevo en un momento.",
  ],
} as const satisfies Table;
