/** Every word of the dashboard. */

import type { Table } from "./table.ts";
import { WORKSHOP } from "./workshop-messages.ts";

export const DASHBOARD = {
  ...WORKSHOP,
  title: ["Dashboard", "概览", "Panel"],
  heading: ["How the studio does", "工作室近况", "Cómo va el estudio"],
  empty: ["No videos yet", "还没有视频", "Aún no hay videos"],
  emptyHint: [
    "Make the first one; its times and its quality appear here.",
    "制作第一段视频后，用时与质量会显示在这里。",
    "Crea el primero; aquí aparecerán sus tiempos y su calidad.",
  ],
  openStudio: ["Open the studio", "打开工作室", "Abrir el estudio"],
  jobs: ["Videos", "视频", "Videos"],
  jobsMade: ["{n} made", "{n} 个已完成", "{n} creados"],
  completed: ["Ready", "已完成", "Listos"],
  failed: ["Failed", "失败", "Fallidos"],
  cancelled: ["Cancelled", "已取消", "Cancelados"],
  underway: ["In the making", "制作中", "En proceso"],
  successRate: ["Success rate", "成功率", "Tasa de éxito"],
  successHint: ["of those that were not cancelled", "不含已取消的", "sin contar los cancelados"],
  drawingRate: ["Frames drawn", "绘制帧率", "Fotogramas"],
  drawingHint: ["a second, on average", "每秒，平均", "por segundo, de media"],
  quality: ["Quality", "质量", "Calidad"],
  qualityHint: ["of 100, on average", "满分 100，平均", "de 100, de media"],
  stageTimes: ["Time per step", "各步用时", "Tiempo por paso"],
  stageTimesHint: ["Median of the finished videos", "已完成视频的中位数", "Mediana de los videos terminados"],
  stageTimesEmpty: [
    "Times appear after the first finished video.",
    "第一段视频完成后会显示用时。",
    "Los tiempos aparecen tras el primer video terminado.",
  ],
  total: ["Together", "合计", "En total"],
  qualityOverTime: ["Quality over time", "质量变化", "Calidad en el tiempo"],
  qualityOverTimeHint: [
    "Each dot is a video, the newest at the right",
    "每点为一段视频，最新的在右",
    "Cada punto es un video; a la derecha, el último",
  ],
  qualityOverTimeEmpty: [
    "The line begins with the second finished video.",
    "第二段视频完成后开始显示曲线。",
    "La línea empieza con el segundo video terminado.",
  ],
  qualitySummary: [
    "{n} videos, from {low} to {high} of 100, the last {last}",
    "{n} 段视频，分数 {low} 到 {high}，最近 {last}",
    "{n} videos, de {low} a {high} sobre 100, el último {last}",
  ],
  recent: ["Latest videos", "最近的视频", "Últimos videos"],
  made: ["Started", "开始时间", "Inicio"],
  status: ["State", "状态", "Estado"],
  speed: ["Time to make", "制作用时", "Tiempo de creación"],
  speedHint: ["{x}× its length", "时长的 {x} 倍", "{x}× su duración"],
  score: ["Quality", "质量", "Calidad"],
  open: ["Open", "打开", "Abrir"],
  openJob: ["Open the video of {when}", "打开 {when} 的视频", "Abrir el video de {when}"],
  loading: ["Reading the numbers", "正在读取数据", "Leyendo los datos"],
} as const satisfies Table;

export type DashboardKey = keyof typeof DASHBOARD;
