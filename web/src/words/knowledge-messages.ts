/** Every word of the page of documents. */

import type { Table } from "./table.ts";
import { WORKSHOP } from "./workshop-messages.ts";

export const KNOWLEDGE = {
  ...WORKSHOP,
  title: ["Documents", "文档", "Documentos"],
  heading: ["What they know", "他们知道什么", "Lo que saben"],
  lead: [
    "Answers come from these documents, with the place they come from. Nothing leaves this server.",
    "回答以这些文档为依据，并标明出处。文档不会离开本服务器。",
    "Las respuestas salen de estos documentos e indican su lugar. Nada sale de este servidor.",
  ],
  collection: ["Collection", "文档集", "Colección"],
  collectionOf: ["{name} ({persona})", "{name}（{persona}）", "{name} ({persona})"],
  newCollection: ["New collection", "新建文档集", "Nueva colección"],
  newName: ["Name of the collection", "文档集名称", "Nombre de la colección"],
  newHint: [
    "Small letters, digits and hyphens.",
    "仅限小写字母、数字和连字符。",
    "Letras minúsculas, cifras y guiones.",
  ],
  create: ["Create", "创建", "Crear"],
  abandon: ["Cancel", "取消", "Cancelar"],
  add: ["Add documents", "添加文档", "Añadir documentos"],
  addHint: [
    "PDF, Word, HTML, Markdown or plain text, in English, Chinese or Spanish. You can also drop files anywhere here.",
    "PDF、Word、HTML、Markdown 或纯文本，支持中文、英文和西班牙文。也可以把文件拖到此处。",
    "PDF, Word, HTML, Markdown o texto, en español, inglés o chino. También puedes soltar archivos aquí.",
  ],
  drop: ["Drop documents to add them", "松开即可添加文档", "Suelta los documentos para añadirlos"],
  empty: ["No documents yet", "还没有文档", "Aún no hay documentos"],
  emptyHint: [
    "Add the first one, then ask about it.",
    "添加第一份文档，然后就可以提问。",
    "Añade el primero y luego pregunta por él.",
  ],
  documents: ["Documents", "文档", "Documentos"],
  sending: ["Sending", "正在上传", "Enviando"],
  indexing: ["Reading, {p}", "正在读取 {p}", "Leyendo, {p}"],
  failed: ["Could not be read", "无法读取", "No se pudo leer"],
  pages: ["{n} pages", "{n} 页", "{n} páginas"],
  pagesOne: ["1 page", "1 页", "1 página"],
  passages: ["{n} passages", "{n} 段", "{n} pasajes"],
  passagesOne: ["1 passage", "1 段", "1 pasaje"],
  file: ["Get {title}", "下载《{title}》", "Descargar {title}"],
  remove: ["Remove {title}", "移除《{title}》", "Quitar {title}"],
  removeSure: ["Remove it", "确认移除", "Quitarlo"],
  removeAsk: ["Remove this document?", "要移除这份文档吗？", "¿Quitar este documento?"],
  keep: ["Keep it", "保留", "Conservarlo"],
  dismiss: ["Put away {title}", "收起《{title}》", "Cerrar {title}"],
  trial: ["Try a question", "试着提问", "Prueba una pregunta"],
  trialHint: [
    "Shows the passages that an answer would be made from.",
    "显示回答所依据的段落。",
    "Muestra los pasajes de los que saldría una respuesta.",
  ],
  trialField: ["Your question", "你的问题", "Tu pregunta"],
  search: ["Search", "搜索", "Buscar"],
  searching: ["Searching", "正在搜索", "Buscando"],
  nothing: [
    "Nothing here answers that; asked this, they say so.",
    "没有找到答案；被问到时会如实说明。",
    "Nada de aquí lo responde; si se lo preguntan, lo dirán.",
  ],
  found: ["{n} passages found", "找到 {n} 段", "{n} pasajes encontrados"],
  foundOne: ["1 passage found", "找到 1 段", "1 pasaje encontrado"],
} as const satisfies Table;

export type KnowledgeKey = keyof typeof KNOWLEDGE;
