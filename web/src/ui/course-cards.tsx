import { ArrowUpRight, X } from "lucide-react";
import type { Course } from "../protocol/events.ts";
import { usePage, useView, useWords } from "./context.ts";
import { IconButton } from "./icon-button.tsx";

function CourseCard({ course }: { readonly course: Course }) {
  const t = useWords();
  return (
    <li className="card">
      <h3>{course.title}</h3>
      <p className="card-facts">
        <span>{course.level_label}</span>
        <span>{t("hours", { hours: String(course.hours) })}</span>
      </p>
      <p className="card-why">{course.why}</p>
      <a href={course.url} target="_blank" rel="noopener noreferrer" aria-label={`${t("openCourse")}: ${course.title}`}>
        {t("openCourse")}
        <ArrowUpRight aria-hidden="true" size={16} strokeWidth={1.75} />
      </a>
    </li>
  );
}

/** The courses on the table: beside her on a wide screen, a sheet from below on a narrow one. */
export function CourseCards() {
  const { store } = usePage();
  const { courses, coursesOpen } = useView();
  const t = useWords();
  const open = coursesOpen && courses.length > 0;
  return (
    <section className="courses" aria-label={t("courses")} data-open={open} inert={!open}>
      <div className="courses-head">
        <h2>{t("courses")}</h2>
        <IconButton icon={X} label={t("close")} onClick={() => store.dispatch({ kind: "courses", open: false })} />
      </div>
      <ul tabIndex={open ? 0 : -1} aria-label={t("courses")}>
        {courses.map((course) => (
          <CourseCard key={course.id} course={course} />
        ))}
      </ul>
    </section>
  );
}
