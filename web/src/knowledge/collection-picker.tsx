import { FolderOpen, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Picker } from "../ui/picker.tsx";
import { useKnowledgeWords, useShelf, useShelfView } from "./context.ts";
import { COLLECTION_NAME } from "./shelf.ts";

/** Which collection is shown, and how a new one begins. */
export function CollectionPicker() {
  const shelf = useShelf();
  const { choices, collection } = useShelfView();
  const t = useKnowledgeWords();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState("");
  const valid = COLLECTION_NAME.test(name);

  const create = (event: FormEvent) => {
    event.preventDefault();
    if (!valid) return;
    shelf.choose(name);
    setNaming(false);
    setName("");
  };
  if (naming) {
    return (
      <form className="collection-new" onSubmit={create}>
        <input
          type="text"
          value={name}
          maxLength={64}
          aria-label={t("newName")}
          aria-describedby="collection-hint"
          placeholder={t("newName")}
          autoComplete="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
          autoFocus
          onChange={(event) => setName(event.target.value.toLowerCase().replace(/[\s_]+/g, "-"))}
          onKeyDown={(event) => event.key === "Escape" && setNaming(false)}
        />
        <button type="submit" className="pill-button" disabled={!valid}>
          {t("create")}
        </button>
        <button type="button" className="pill-button" onClick={() => setNaming(false)}>
          {t("abandon")}
        </button>
        <p id="collection-hint" className="hint">
          {t("newHint")}
        </p>
      </form>
    );
  }
  return (
    <div className="collection-choice">
      {choices.length > 0 && (
        <Picker
          label={t("collection")}
          icon={FolderOpen}
          value={collection}
          choices={choices.map((one) => ({
            value: one.name,
            label: one.persona ? t("collectionOf", { name: one.name, persona: one.persona }) : one.name,
          }))}
          onChange={(value) => shelf.choose(value)}
        />
      )}
      <button type="button" className="pill-button" onClick={() => setNaming(true)}>
        <Plus aria-hidden="true" size={18} strokeWidth={1.75} />
        {t("newCollection")}
      </button>
    </div>
  );
}
