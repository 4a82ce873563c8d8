import { ImagePlus } from "lucide-react";
import { useLanguage } from "../workshop/language.tsx";
import { sentenceOf } from "../workshop/sentence.ts";
import { useStudio, useStudioView, useStudioWords } from "./context.ts";
import { PHOTO_TYPES } from "./receive.ts";

interface TileProps {
  readonly name: string;
  readonly picture: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Tile({ name, picture, chosen, onChoose }: TileProps) {
  return (
    <label className="tile" title={name}>
      <input type="radio" name="sitter" className="unseen" checked={chosen} onChange={onChoose} aria-label={name} />
      <img src={picture} alt="" />
    </label>
  );
}

/** Who speaks: an avatar of this server, or a photo from here. */
export function SitterPicker() {
  const studio = useStudio();
  const { avatars, draft } = useStudioView();
  const t = useStudioWords();
  const { language } = useLanguage();
  const { portrait, photo } = draft;
  const refused = portrait?.kind === "photo" && photo?.sending.state === "refused" ? photo.sending.trouble : null;
  return (
    <div className="sitters">
      <fieldset className="tiles" aria-label={t("portrait")}>
        {avatars.map((avatar) => (
          <Tile
            key={avatar.id}
            name={avatar.name}
            picture={studio.api.plate(avatar.id)}
            chosen={portrait?.kind === "avatar" && portrait.id === avatar.id}
            onChoose={() => studio.chooseAvatar(avatar)}
          />
        ))}
        {photo && (
          <Tile
            name={t("yourPhoto")}
            picture={photo.url}
            chosen={portrait?.kind === "photo"}
            onChoose={() => studio.change({ portrait: { kind: "photo" } })}
          />
        )}
        <label className="pill-button choose">
          <input
            id="choose-photo"
            type="file"
            className="unseen"
            accept={PHOTO_TYPES}
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) studio.choosePhoto(file);
              event.target.value = "";
            }}
          />
          <ImagePlus aria-hidden="true" size={18} strokeWidth={1.75} />
          {t("choosePhoto")}
        </label>
      </fieldset>
      <div role="alert">{refused && <p className="refused">{sentenceOf(refused, language)}</p>}</div>
      {!refused && <p className="hint">{t("photoHint")}</p>}
    </div>
  );
}
