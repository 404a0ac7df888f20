/** A part of what the author wrote, in paragraphs that run in their own direction; the heading is in the page's language. */
export function Paragraph({
  heading,
  text,
  lang,
  spoken,
  level = 2,
}: {
  heading: string
  text?: string
  lang: string
  /** The text's language, if it is another than that of what stands around it. */
  spoken?: string
  level?: 2 | 4
}) {
  const Heading = `h${level}` as const
  if (!text) return null
  return (
    <>
      <Heading lang={lang}>{heading}</Heading>
      {text.split(/\n\s*\n/).map((paragraph, index) => (
        <p key={index} className="lines" lang={spoken} dir="auto">
          {paragraph}
        </p>
      ))}
    </>
  )
}
