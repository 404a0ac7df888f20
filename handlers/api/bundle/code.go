package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/format"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// goCode names every operation with its method and path, in the order of the
// document, and what the generated server does not check: patterns, and bounds
// of parameters in the path.
func goCode(document *yaml.Node) ([]byte, error) {
	var code bytes.Buffer
	code.WriteString("// " + header + "\npackage api\n\n// Operations are those of the contract.\nvar Operations = " +
		"[]Operation{\n")
	if err := listOperations(&code, document); err != nil {
		return nil, err
	}
	code.WriteString("}\n\n// Patterns are the contract's, by the validator's tag.\nvar Patterns = map[string]string{\n")
	for _, p := range patterns {
		fmt.Fprintf(&code, "%q: %q,\n", p.tag, p.pattern)
	}
	code.WriteString("}\n\n// PathRules are the validator's tags of parameters in the path.\nvar PathRules = " +
		"map[string]string{\n")
	rules := map[string]string{}
	if err := pathRules(document, rules); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		fmt.Fprintf(&code, "%q: %q,\n", name, rules[name])
	}
	code.WriteString("}\n")
	return format.Source(code.Bytes())
}

func listOperations(code *bytes.Buffer, document *yaml.Node) error {
	paths := member(document, "paths")
	if paths == nil {
		return errors.New("the contract has no paths")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(paths.Content); i += 2 {
		path, item := paths.Content[i].Value, paths.Content[i+1]
		for j := 0; j+1 < len(item.Content); j += 2 {
			method := strings.ToUpper(item.Content[j].Value)
			if !slices.Contains([]string{"GET", "POST", "PUT", "DELETE"}, method) {
				continue
			}
			id := scalar(item.Content[j+1], "operationId")
			if id == "" || seen[id] {
				return fmt.Errorf("%s %s has no operationId of its own", method, path)
			}
			seen[id] = true
			fmt.Fprintf(code, "{%q, %q, %q},\n", id, method, path)
		}
	}
	return nil
}

// pathRules finds the parameters in the path, of which one name must mean one
// thing.
func pathRules(node *yaml.Node, rules map[string]string) error {
	if node.Kind == yaml.MappingNode && scalar(node, "in") == "path" {
		name := scalar(node, "name")
		own, err := bounds{}.rules(member(node, "schema"), false)
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", node.Line, name, err)
		}
		rule := strings.Join(own, ",")
		if known, ok := rules[name]; ok && known != rule {
			return fmt.Errorf("line %d: %s is bound by %q and by %q", node.Line, name, known, rule)
		}
		if rule != "" {
			rules[name] = rule
		}
	}
	for _, child := range node.Content {
		if err := pathRules(child, rules); err != nil {
			return err
		}
	}
	return nil
}
