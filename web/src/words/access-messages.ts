/** Words of the page that asks for the key. */

import type { Table } from "./table.ts";

export const ACCESS = {
  title: ["This server wants a key", "此服务器需要密钥", "Este servidor pide una clave"],
  hint: [
    "Whoever runs it can give you one. It is asked for once; this browser then remembers that you may come in.",
    "请向服务器的管理者索取。只需输入一次，此浏览器会记住你的访问权限。",
    "Te la puede dar quien lo administra. Se pide una sola vez; después este navegador recuerda que puedes entrar.",
  ],
  key: ["Key", "密钥", "Clave"],
  open: ["Come in", "进入", "Entrar"],
  opening: ["One moment", "请稍候", "Un momento"],
  wrong: [
    "This key is not valid here. Check that all of it is there.",
    "密钥无效，请检查是否完整。",
    "Esta clave no vale aquí. Comprueba que esté completa.",
  ],
  often: [
    "Too many wrong keys came from here. Wait a while, then try again.",
    "错误次数过多，请稍后再试。",
    "Llegaron demasiadas claves erróneas. Espera un poco e inténtalo de nuevo.",
  ],
  unreachable: [
    "The server does not answer. Try again in a moment.",
    "服务器没有回应，请稍后再试。",
    "El servidor no responde. Inténtalo de nuevo en un momento.",
  ],
  language: ["Language of this page", "界面语言", "Idioma de la página"],
  languageAuto: ["Auto", "自动", "Auto"],
} as const satisfies Table;
