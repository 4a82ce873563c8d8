/** Words around a passage of a document: its card, and the window that shows where it stands. */

import type { Table } from "./table.ts";

export const SOURCE = {
  sources: ["Where this comes from", "资料来源", "De dónde sale esto"],
  page: ["Page {n}", "第 {n} 页", "Página {n}"],
  pageOf: ["Page {n} of {all}", "第 {n} 页，共 {all} 页", "Página {n} de {all}"],
  open: ["Show in the document", "在文档中查看", "Ver en el documento"],
  openPage: ["Show page {n}", "查看第 {n} 页", "Ver la página {n}"],
  openOf: ["{what}: {title}", "{what}：{title}", "{what}: {title}"],
  picture: [
    "Page {n} of {title}, with the passage marked",
    "《{title}》第 {n} 页，引文已标出",
    "Página {n} de {title}, con el pasaje marcado",
  ],
  passage: ["The passage", "引文", "El pasaje"],
  before: ["Page before", "上一页", "Página anterior"],
  after: ["Next page", "下一页", "Página siguiente"],
  file: ["Get the file", "下载文件", "Descargar el archivo"],
  close: ["Close", "关闭", "Cerrar"],
  loading: ["Opening the document", "正在打开文档", "Abriendo el documento"],
  gone: [
    "The document is not there any more. This is what it said:",
    "文档已被移除。原文如下：",
    "El documento ya no está. Esto es lo que decía:",
  ],
} as const satisfies Table;

export type SourceKey = keyof typeof SOURCE;
