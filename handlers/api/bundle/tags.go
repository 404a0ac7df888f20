package main

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// patterns are the contract's, by the tag that the server's validator knows
// each by. No other may be used: what the server does not check, the contract
// must not promise.
var patterns = []struct{ tag, pattern string }{
	{"digest", "^[0-9a-f]{64}$"},
	{"slug", "^[a-z0-9][a-z0-9-]{0,59}$"},
	{"postal_code", "^[0-9]{5}$"},
	{"month", "^[0-9]{4}-(0[1-9]|1[0-2])$"},
	{"municipality", "^[0-9]{3}$"},
	{"image_id", "^[a-z2-7]{26}$"},
	{"base64", "^[A-Za-z0-9+/]+={0,2}$"},
}

// addTags writes the standard keywords of properties and parameters as tags of
// the validator, too, where oapi-codegen reads them.
func addTags(document *yaml.Node) error {
	b := bounds{member(member(document, "components"), "schemas")}
	return b.add(document)
}

type bounds struct{ schemas *yaml.Node }

// add walks everything: an object's properties and a parameter's schema are
// where bounds stand.
func (b bounds) add(node *yaml.Node) error {
	if node.Kind == yaml.MappingNode {
		if properties := member(node, "properties"); properties != nil && properties.Kind == yaml.MappingNode {
			for i := 0; i+1 < len(properties.Content); i += 2 {
				name, schema := properties.Content[i].Value, properties.Content[i+1]
				if err := b.tag(schema, schema, requires(node, name)); err != nil {
					return fmt.Errorf("line %d: %s: %w", schema.Line, name, err)
				}
			}
		}
		if place := member(node, "in"); place != nil && (place.Value == "query" || place.Value == "header") {
			required := member(node, "required")
			if err := b.tag(node, member(node, "schema"), required != nil && required.Value == "true"); err != nil {
				return fmt.Errorf("line %d: %w", node.Line, err)
			}
		}
	}
	for _, child := range node.Content {
		if err := b.add(child); err != nil {
			return err
		}
	}
	return nil
}

func (b bounds) tag(into, schema *yaml.Node, required bool) error {
	rules, err := b.rules(schema, required)
	if err != nil || len(rules) == 0 {
		return err
	}
	if !required {
		rules = slices.Insert(rules, 0, "omitempty")
	}
	tags := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle, Content: []*yaml.Node{
		{Kind: yaml.ScalarNode, Value: "validate"},
		{Kind: yaml.ScalarNode, Value: strings.Join(rules, ","), Style: yaml.DoubleQuotedStyle},
	}}
	into.Content = append(into.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "x-oapi-codegen-extra-tags"}, tags)
	return nil
}

// rules are a schema's, without whether it may be absent. A text that must be
// there and must not be empty is called required, which people understand.
func (b bounds) rules(schema *yaml.Node, required bool) (rules []string, err error) {
	if pattern := scalar(schema, "pattern"); pattern != "" {
		tag, err := tagOf(pattern)
		if err != nil {
			return nil, err
		}
		rules = append(rules, tag)
	}
	switch scalar(schema, "type") {
	case "string":
		least, most := scalar(schema, "minLength"), scalar(schema, "maxLength")
		if required && (least != "" || len(rules) > 0) {
			rules = slices.Insert(rules, 0, "required")
			if least == "1" {
				least = ""
			}
		}
		rules = append(rules, between(least, most)...)
	case "integer", "number":
		rules = append(rules, between(scalar(schema, "minimum"), scalar(schema, "maximum"))...)
	case "array":
		rules = append(rules, between(scalar(schema, "minItems"), scalar(schema, "maxItems"))...)
		items := member(schema, "items")
		inside, err := b.rules(items, false)
		if err != nil {
			return nil, err
		}
		if len(inside) > 0 || b.bounded(items, nil) {
			rules = append(append(rules, "dive"), inside...)
		}
	}
	return rules, nil
}

func between(least, most string) (rules []string) {
	if least != "" && least == most {
		return []string{"len=" + least}
	}
	if least != "" {
		rules = append(rules, "min="+least)
	}
	if most != "" {
		rules = append(rules, "max="+most)
	}
	return rules
}

func tagOf(pattern string) (string, error) {
	for _, p := range patterns {
		if p.pattern == pattern {
			return p.tag, nil
		}
	}
	return "", fmt.Errorf("the server checks no pattern %s", pattern)
}

// bounded tells whether anything within the schema, or the one that it refers
// to, is bound, so that the validator must look at it. Above are the names that
// lead here.
func (b bounds) bounded(schema *yaml.Node, above []string) bool {
	if name, ok := strings.CutPrefix(scalar(schema, "$ref"), "#/components/schemas/"); ok {
		if slices.Contains(above, name) {
			return false
		}
		schema, above = member(b.schemas, name), append(slices.Clone(above), name)
	}
	if schema == nil {
		return false
	}
	if scalar(schema, "pattern") != "" || len(boundsOf(schema)) > 0 || b.bounded(member(schema, "items"), above) {
		return true
	}
	properties := member(schema, "properties")
	for i := 1; properties != nil && i < len(properties.Content); i += 2 {
		if b.bounded(properties.Content[i], above) {
			return true
		}
	}
	return false
}

func requires(object *yaml.Node, name string) bool {
	list := member(object, "required")
	return list != nil && slices.ContainsFunc(list.Content, func(n *yaml.Node) bool { return n.Value == name })
}

func scalar(mapping *yaml.Node, name string) string {
	if mapping == nil {
		return ""
	}
	if v := member(mapping, name); v != nil {
		return v.Value
	}
	return ""
}
