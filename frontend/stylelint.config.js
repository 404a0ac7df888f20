/** Pages are written for any direction of text: start and end, never left and right. */
export default {
  languageOptions: { directionality: { block: 'top-to-bottom', inline: 'left-to-right' } },
  rules: {
    // Only Firefox knows overflow-inline and overflow-block.
    'property-layout-mappings': ['flow-relative', { ignoreProperties: ['overflow-x', 'overflow-y'] }],
    'value-keyword-layout-mappings': 'flow-relative',
  },
}
