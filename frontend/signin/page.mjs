// The sign-in's few pages: HTML without script, in Finnish, Swedish and English.

const texts = {
  fi: {
    title: 'Kirjaudu kokeiluun',
    demo: 'Tämä on vain kokeilua varten: henkilöt ovat keksittyjä, eikä salasanaa kysytä.',
    who: 'Kenenä kirjaudut?',
    signOut: 'Haluatko kirjautua ulos?',
    yes: 'Kirjaudu ulos',
    no: 'Pysy kirjautuneena',
    signedOut: 'Olet kirjautunut ulos',
    failed: 'Kirjautuminen ei onnistunut',
    again: 'Palaa palveluun ja aloita kirjautuminen alusta.',
  },
  sv: {
    title: 'Logga in i demon',
    demo: 'Det här är bara en demo: personerna är påhittade, och inget lösenord behövs.',
    who: 'Som vem loggar du in?',
    signOut: 'Vill du logga ut?',
    yes: 'Logga ut',
    no: 'Fortsätt vara inloggad',
    signedOut: 'Du har loggat ut',
    failed: 'Inloggningen misslyckades',
    again: 'Gå tillbaka till tjänsten och börja inloggningen på nytt.',
  },
  en: {
    title: 'Sign in to the demo',
    demo: 'This is only a demo: the people are invented, and no password is needed.',
    who: 'Who do you sign in as?',
    signOut: 'Do you want to sign out?',
    yes: 'Sign out',
    no: 'Stay signed in',
    signedOut: 'You have signed out',
    failed: 'Signing in did not succeed',
    again: 'Go back to the service and start the sign-in again.',
  },
}

const names = { fi: 'Suomeksi', sv: 'På svenska', en: 'In English' }

/** What the page's own link asks for, else what the service asked for, else what the browser prefers, else Finnish. */
export function language(ctx, wished = '') {
  const asked = [ctx.query.lang, ...wished.split(' ')].map((tag) => String(tag).slice(0, 2)).find((tag) => tag in texts)
  return asked ?? (ctx.acceptsLanguages(Object.keys(texts)) || 'fi')
}

function escape(text) {
  return String(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

/** A text is one string for all languages, or {fi, sv, en}. */
function inLanguage(text, lang) {
  return typeof text === 'string' ? text : (text[lang] ?? Object.values(text)[0])
}

function page(lang, heading, main) {
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(heading)} – osbu</title>
<link rel="stylesheet" href="/signin.css">
</head>
<body>
<main>
<h1>${escape(heading)}</h1>
${main}
</main>
</body>
</html>`
}

export function choose(lang, people, action) {
  const t = texts[lang]
  const languages = Object.keys(texts)
    .map((tag) =>
      tag === lang
        ? `<li lang="${tag}" aria-current="true">${names[tag]}</li>`
        : `<li><a href="?lang=${tag}" lang="${tag}" hreflang="${tag}">${names[tag]}</a></li>`,
    )
    .join('\n')
  const buttons = people
    .map(
      ({ sub, name, about, claims }) =>
        `<li><button name="sub" value="${escape(sub)}"><strong>${escape(name)}</strong> <span>${escape(
          [inLanguage(about, lang), claims?.national_id_num].filter(Boolean).join(' · '), // whom an officer looks up
        )}</span></button></li>`,
    )
    .join('\n')
  return page(
    lang,
    t.title,
    `<ul class="languages">
${languages}
</ul>
<p class="demo">${t.demo}</p>
<h2 id="who">${t.who}</h2>
<form method="post" action="${escape(action)}">
<ul class="people" aria-labelledby="who">
${buttons}
</ul>
</form>`,
  )
}

/** form: the provider's own form with its token; the buttons belong to it by its id. sure: the service itself sent the person. */
export function signOut(lang, form, sure) {
  const t = texts[lang]
  return page(
    lang,
    t.signOut,
    `${form}
<p><button form="op.logoutForm" name="logout" value="yes" id="yes">${t.yes}</button></p>
<p><button form="op.logoutForm">${t.no}</button></p>
${sure ? '<script src="/signout.js"></script>' : ''}`,
  )
}

export function signedOut(lang) {
  return page(lang, texts[lang].signedOut, '')
}

export function failed(lang, error, description) {
  const t = texts[lang]
  return page(
    lang,
    t.failed,
    `<p>${t.again}</p>\n<p lang="en"><code>${escape(error)}: ${escape(description ?? '')}</code></p>`,
  )
}
