/** Words that the studio and the dashboard share. */

import type { Table } from "./table.ts";

export const WORKSHOP = {
  pages: ["Pages", "页面", "Páginas"],
  talk: ["Talk", "对话", "Hablar"],
  studio: ["Studio", "工作室", "Estudio"],
  dashboard: ["Dashboard", "概览", "Panel"],
  knowledge: ["Documents", "文档", "Documentos"],
  language: ["Language of this page", "界面语言", "Idioma de la página"],
  languageAuto: ["Auto", "自动", "Auto"],
  skip: ["Skip to the content", "跳到正文", "Saltar al contenido"],
  stage_audio_processing: ["Preparing the voice", "准备声音", "Preparar la voz"],
  stage_emotion_detection: ["Reading the mood", "辨别情绪", "Leer el ánimo"],
  stage_controller: ["Directing the face", "安排表情", "Dirigir el rostro"],
  stage_video_generation: ["Drawing the frames", "绘制画面", "Dibujar los fotogramas"],
  stage_quality_enhancement: ["Finishing and signing", "完善并签名", "Acabar y firmar"],
  status_pending: ["Waiting", "排队中", "En espera"],
  status_processing: ["In the making", "制作中", "En proceso"],
  status_completed: ["Ready", "已完成", "Listo"],
  status_failed: ["Failed", "失败", "Fallido"],
  status_cancelled: ["Cancelled", "已取消", "Cancelado"],
  seconds: ["{s} s", "{s} 秒", "{s} s"],
  minutes: ["{m} min {s} s", "{m} 分 {s} 秒", "{m} min {s} s"],
  percent: ["{p} %", "{p}%", "{p} %"],
  unreachable: [
    "The server does not answer. Start it again; nothing is lost.",
    "服务器没有回应。请重新启动，内容不会丢失。",
    "El servidor no responde. Inícialo de nuevo; no se pierde nada.",
  ],
  strange: [
    "The server gave an answer this page does not understand. Its log says more.",
    "服务器的回答无法识别，详情见服务器日志。",
    "El servidor dio una respuesta que esta página no entiende. Su registro dice más.",
  ],
  tryAgain: ["Try again", "再试一次", "Reintentar"],
} as const satisfies Table;
