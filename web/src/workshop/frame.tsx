/** What the pages to work on stand in: the way between the pages, and the language. */

import { ChartNoAxesColumn, Clapperboard, Languages, LibraryBig, MessagesSquare } from "lucide-react";
import type { ReactNode } from "react";
import { Picker } from "../ui/picker.tsx";
import { asChoice, LANGUAGE_NAMES, LANGUAGES } from "../words/language.ts";
import { WORKSHOP } from "../words/workshop-messages.ts";
import { useLanguage, useTable } from "./language.tsx";

const PAGES = [
  { name: "talk", href: "./", icon: MessagesSquare },
  { name: "studio", href: "./studio", icon: Clapperboard },
  { name: "knowledge", href: "./knowledge", icon: LibraryBig },
  { name: "dashboard", href: "./dashboard", icon: ChartNoAxesColumn },
] as const;

interface Props {
  readonly here: "studio" | "knowledge" | "dashboard";
  readonly children: ReactNode;
}

export function Frame({ here, children }: Props) {
  const t = useTable(WORKSHOP);
  const { choice, choose } = useLanguage();
  const languages = [
    { value: "auto", label: t("languageAuto") },
    ...LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] })),
  ];
  return (
    <div className="workshop">
      <a className="skip" href="#content">
        {t("skip")}
      </a>
      <header className="top">
        <nav className="pages" aria-label={t("pages")}>
          {PAGES.map(({ name, href, icon: Icon }) => (
            <a key={name} href={href} {...(name === here ? { "aria-current": "page" as const } : {})}>
              <Icon aria-hidden="true" size={18} strokeWidth={1.75} />
              <span>{t(name)}</span>
            </a>
          ))}
        </nav>
        <Picker
          className="language"
          label={t("language")}
          icon={Languages}
          value={choice}
          choices={languages}
          onChange={(value) => choose(asChoice(value))}
        />
      </header>
      <main id="content" className="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
