import js from '@eslint/js'
import a11y from 'eslint-plugin-jsx-a11y'
import hooks from 'eslint-plugin-react-hooks'
import { createNodeResolver, importX } from 'eslint-plugin-import-x'
import globals from 'globals'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript-eslint'
import { walls } from './eslint.walls.js'

const src = fileURLToPath(new URL('./src', import.meta.url))

// The plain names of classes: any other is a slip, for a module's are `styles.name`.
const plain = ['base', 'print'].flatMap((sheet) =>
  [...readFileSync(`${src}/ui/${sheet}.css`, 'utf8').matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name),
)
const unknownClass = `Literal[value!=/^ *((hds-[a-z0-9_-]+|${[...new Set(plain)].join('|')})( +|$))*$/]`

export default ts.config(
  { ignores: ['dist', 'src/lib/schema.gen.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...ts.configs.strict, ...ts.configs.stylistic],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['src/**/*.tsx'],
    extends: [a11y.flatConfigs.recommended, hooks.configs.flat.recommended],
    rules: {
      // What scrolls must take the focus to be scrolled by keyboard.
      'jsx-a11y/no-noninteractive-tabindex': ['error', { tags: [], roles: ['region'] }],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [
        createNodeResolver({ alias: { '@': [src] }, extensions: ['.ts', '.tsx', '.d.ts', '.js', '.json', '.css'] }),
      ],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: walls }],
      // Two files that need each other are one file, or hide a third.
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
    },
  },
  {
    files: ['src/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        'i18next',
        'react-i18next',
        {
          name: 'react-router',
          message: 'Use lib/router: the same names, 12 kB less on the first page, and one router.',
        },
      ],
      'no-restricted-globals': ['error', { name: 'alert', message: 'Use Dialog: it is translated and accessible.' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'The residents’ pages run under a strict content security policy, and texts come from residents.',
        },
        {
          selector: 'ImportDeclaration[source.value=/^[.@].*(?<!\\.module)\\.css$/]',
          message:
            'Write a CSS module beside the component: plain names are those of ui/base.css, hds-core and paper alone.',
        },
        {
          selector: `JSXAttribute[name.name="className"] > ${unknownClass}, CallExpression[callee.name="classes"] > ${unknownClass}`,
          message:
            'No plain sheet has this class: ui/base.css, ui/print.css and hds-core have some, a module beside the component the rest.',
        },
        {
          selector: 'JSXOpeningElement[name.name="form"]',
          message: 'Use ui/form/Form: it says what is wrong at each field, and loses nothing that was written.',
        },
      ],
    },
  },
  {
    files: ['src/ui/form/*.tsx', 'src/ui/hds/hds.ts', 'src/ui/print.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['e2e/*.walk.mjs'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.property.name=/^(count|inputValue|textContent|innerText|innerHTML|allTextContents|allInnerTexts|getAttribute|title|content|evaluateAll|is(Visible|Hidden|Enabled|Disabled|Editable|Checked))$/]',
          message:
            'It reads what is there by chance at that moment: ask by expect(), or read by lib/expect.mjs, which waits.',
        },
        {
          selector: 'CallExpression[callee.property.name="url"][callee.object.name!=/^(request|frame)$/]',
          message:
            'The page may not be there yet: ask by expect(page).toHaveURL(), or read by address() of lib/expect.mjs.',
        },
        {
          selector: 'CallExpression[callee.property.name="toHaveCount"][arguments.0.value=0]',
          message:
            'Nothing is on a page that is not drawn yet, either: absent() of lib/expect.mjs waits until it stands.',
        },
        {
          selector: 'MemberExpression[property.name="activeElement"]',
          message: 'The focus may be on its way: ask by expect(locator).toBeFocused().',
        },
        {
          selector: 'CallExpression[callee.name="setTimeout"], CallExpression[callee.property.name="waitForTimeout"]',
          message: 'A time is too short on a busy machine and too long on all others: wait for what shall be so.',
        },
      ],
    },
  },
)
