package handlers

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"go.yaml.in/yaml/v3"

	"osbu/handlers/api"
)

// docsPath is where the contract is explained to people: one page, without
// scripts and without anything of others.
const docsPath = "/api/v1/docs"

//go:embed docs.html
var docsPage string

//go:embed docs.css
var docsStyle string

// contract is what the page tells of it.
type contract struct {
	Info struct {
		Title       string `yaml:"title"`
		Description string `yaml:"description"`
	} `yaml:"info"`
	Tags []struct {
		Name string `yaml:"name"`
	} `yaml:"tags"`
	Paths      map[string]map[string]yaml.Node `yaml:"paths"`
	Components struct {
		Parameters map[string]contractParameter `yaml:"parameters"`
		Responses  map[string]contractResponse  `yaml:"responses"`
		Schemas    map[string]contractSchema    `yaml:"schemas"`
	} `yaml:"components"`
}

type contractOperation struct {
	ID         string                 `yaml:"operationId"`
	Tags       []string               `yaml:"tags"`
	Summary    string                 `yaml:"summary"`
	About      string                 `yaml:"description"`
	Security   *[]map[string][]string `yaml:"security"` // nil: a session
	Parameters []contractParameter    `yaml:"parameters"`
	Body       *struct {
		Content map[string]contractMedia `yaml:"content"`
	} `yaml:"requestBody"`
	Responses map[string]contractResponse `yaml:"responses"`
}

type contractParameter struct {
	Ref      string         `yaml:"$ref"`
	Name     string         `yaml:"name"`
	In       string         `yaml:"in"`
	About    string         `yaml:"description"`
	Required bool           `yaml:"required"`
	Schema   contractSchema `yaml:"schema"`
}

type contractResponse struct {
	Ref     string                   `yaml:"$ref"`
	About   string                   `yaml:"description"`
	Content map[string]contractMedia `yaml:"content"`
}

type contractMedia struct {
	Schema contractSchema `yaml:"schema"`
}

type contractSchema struct {
	Ref        string                    `yaml:"$ref"`
	Type       string                    `yaml:"type"`
	Format     string                    `yaml:"format"`
	About      string                    `yaml:"description"`
	Enum       []string                  `yaml:"enum"`
	Pattern    string                    `yaml:"pattern"`
	Minimum    *float64                  `yaml:"minimum"`
	Maximum    *float64                  `yaml:"maximum"`
	MinLength  *int                      `yaml:"minLength"`
	MaxLength  *int                      `yaml:"maxLength"`
	MaxItems   *int                      `yaml:"maxItems"`
	Items      *contractSchema           `yaml:"items"`
	Required   []string                  `yaml:"required"`
	Properties map[string]contractSchema `yaml:"properties"`
	AllOf      []contractSchema          `yaml:"allOf"`
	OneOf      []contractSchema          `yaml:"oneOf"`
}

// The page's parts.
type (
	docs struct {
		Title, About string
		Style        template.CSS
		Groups       []docsGroup
		Shapes       []docsShape
	}
	docsGroup struct {
		Name       string
		Operations []docsOperation
	}
	docsOperation struct {
		ID, Method, Path, Summary, About, Who string
		Parameters                            []docsField
		Body                                  []docsMedia
		Answers                               []docsAnswer
	}
	docsAnswer struct {
		Status, About string
		Media         []docsMedia
	}
	docsMedia struct {
		Kind string
		Type docsType
	}
	docsField struct {
		Name, In, About string
		Required        bool
		Type            docsType
	}
	docsShape struct {
		Name, About string
		Type        docsType
		Fields      []docsField
	}
	// docsType is a type in words, and the shape that it names.
	docsType struct{ Text, Shape string }
)

// docsFile is the page and the policy that lets its own style through, made
// once.
var docsFile = sync.OnceValues(func() (*file, string) {
	var c contract
	if err := yaml.Unmarshal(api.Document, &c); err != nil {
		panic(err) // it is embedded, and a test reads it
	}
	page := docs{
		Title: c.Info.Title, About: c.Info.Description, Style: template.CSS(docsStyle), //nolint:gosec // it is ours
	}
	for _, tag := range c.Tags {
		g := docsGroup{Name: tag.Name}
		for _, o := range api.Operations {
			var said contractOperation
			node := c.Paths[o.Path][strings.ToLower(o.Method)]
			if err := node.Decode(&said); err != nil {
				panic(err)
			}
			if slices.Contains(said.Tags, tag.Name) {
				g.Operations = append(g.Operations, c.operation(o, said))
			}
		}
		page.Groups = append(page.Groups, g)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Components.Schemas)) {
		page.Shapes = append(page.Shapes, c.Components.Schemas[name].shape(name))
	}
	var text bytes.Buffer
	if err := template.Must(template.New("docs").Parse(docsPage)).Execute(&text, page); err != nil {
		panic(err)
	}
	digest := sha256.Sum256([]byte(docsStyle))
	return newFile("docs.html", text.Bytes()), apiPolicy + "; base-uri 'none'; form-action 'none'; style-src 'sha256-" +
		base64.StdEncoding.EncodeToString(digest[:]) + "'"
})

func (s *Server) docs(c *fiber.Ctx) error {
	page, policy := docsFile()
	c.Set(fiber.HeaderContentSecurityPolicy, policy)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return page.send(c)
}

func (c *contract) operation(o api.Operation, said contractOperation) docsOperation {
	out := docsOperation{
		ID: o.ID, Method: o.Method, Path: o.Path, Summary: said.Summary, About: said.About, Who: "signed-in people",
	}
	if said.Security != nil {
		out.Who = "everybody"
		if len(*said.Security) > 0 {
			out.Who = "signed-in people, and voters with a voting code"
		}
	}
	var shared []contractParameter
	if node, there := c.Paths[o.Path]["parameters"]; there {
		if err := node.Decode(&shared); err != nil {
			panic(err)
		}
	}
	for _, p := range slices.Concat(shared, said.Parameters) {
		if p.Ref != "" {
			p = c.Components.Parameters[lastOf(p.Ref)]
		}
		out.Parameters = append(out.Parameters, docsField{p.Name, p.In, p.About, p.Required, p.Schema.inWords()})
	}
	if said.Body != nil {
		out.Body = mediaOf(said.Body.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(said.Responses)) {
		r := said.Responses[status]
		if r.Ref != "" {
			r = c.Components.Responses[lastOf(r.Ref)]
		}
		out.Answers = append(out.Answers, docsAnswer{status, r.About, mediaOf(r.Content)})
	}
	return out
}

func mediaOf(content map[string]contractMedia) (media []docsMedia) {
	for _, kind := range slices.Sorted(maps.Keys(content)) {
		media = append(media, docsMedia{kind, content[kind].Schema.inWords()})
	}
	return media
}

// shape lists an object's fields; of anything else it tells the type.
func (s contractSchema) shape(name string) docsShape {
	out := docsShape{Name: name, About: s.About, Type: s.inWords()}
	for _, part := range append([]contractSchema{s}, s.AllOf...) {
		for _, field := range slices.Sorted(maps.Keys(part.Properties)) {
			p := part.Properties[field]
			out.Fields = append(out.Fields, docsField{
				Name: field, About: p.About, Required: slices.Contains(part.Required, field), Type: p.inWords(),
			})
		}
	}
	return out
}

// inWords is a type as programmers say it.
func (s contractSchema) inWords() docsType {
	if s.Ref != "" {
		return docsType{Text: lastOf(s.Ref), Shape: lastOf(s.Ref)}
	}
	if s.Items != nil {
		inner := s.Items.inWords()
		inner.Text = "list of " + inner.Text
		if s.MaxItems != nil {
			inner.Text += fmt.Sprintf(", at most %d", *s.MaxItems)
		}
		return inner
	}
	words := []string{s.Type}
	if s.Type == "" {
		words = []string{"value"}
	}
	for _, part := range slices.Concat(s.AllOf, s.OneOf) {
		if part.Ref != "" {
			words = append(words, lastOf(part.Ref))
		}
	}
	if s.Format != "" {
		words[0] += " (" + s.Format + ")"
	}
	if len(s.Enum) > 0 {
		words = append(words, "one of "+strings.Join(s.Enum, ", "))
	}
	if s.Minimum != nil {
		words = append(words, fmt.Sprintf("from %v", *s.Minimum))
	}
	if s.Maximum != nil {
		words = append(words, fmt.Sprintf("to %.0f", *s.Maximum))
	}
	if s.MinLength != nil {
		words = append(words, fmt.Sprintf("%d characters or more", *s.MinLength))
	}
	if s.MaxLength != nil {
		words = append(words, fmt.Sprintf("%d characters at most", *s.MaxLength))
	}
	if s.Pattern != "" {
		words = append(words, "as "+s.Pattern)
	}
	return docsType{Text: strings.Join(words, ", ")}
}

func lastOf(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }
