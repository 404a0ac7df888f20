package main

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// limits are the bounds of the document's objects and shared parameters as
// TypeScript, a constant for each, so that a page brings only those that it
// uses.
func limits(document *yaml.Node) []byte {
	var code bytes.Buffer
	code.WriteString("// " + header)
	schemas := member(member(document, "components"), "schemas")
	for i := 0; schemas != nil && i+1 < len(schemas.Content); i += 2 {
		properties := member(schemas.Content[i+1], "properties")
		if properties == nil {
			continue
		}
		var bounded []string
		for j := 0; j+1 < len(properties.Content); j += 2 {
			if own := boundsOf(properties.Content[j+1]); len(own) > 0 {
				bounded = append(bounded, fmt.Sprintf("  %s: { %s },\n", properties.Content[j].Value, strings.Join(own, ", ")))
			}
		}
		if len(bounded) > 0 {
			fmt.Fprintf(&code, "\nexport const limits%s = {\n%s} as const\n", schemas.Content[i].Value,
				strings.Join(bounded, ""))
		}
	}
	parameters := member(member(document, "components"), "parameters")
	for i := 0; parameters != nil && i+1 < len(parameters.Content); i += 2 {
		if own := boundsOf(member(parameters.Content[i+1], "schema")); len(own) > 0 {
			fmt.Fprintf(&code, "\nexport const limits%s = { %s } as const\n", parameters.Content[i].Value,
				strings.Join(own, ", "))
		}
	}
	return code.Bytes()
}

func boundsOf(schema *yaml.Node) (bounds []string) {
	for _, name := range []string{"minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"} {
		if value := scalar(schema, name); value != "" {
			bounds = append(bounds, name+": "+value)
		}
	}
	return bounds
}
