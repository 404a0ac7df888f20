package service

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"osbu/domain"
	"osbu/handlers"
	"osbu/handlers/api"
)

// operation is one of the contract's, with what can be sent wrongly to it.
type operation struct {
	id, method, path string
	inPath, inQuery  []parameter
	body             reflect.Type // nil: takes none
}

type parameter struct {
	name     string
	schema   map[string]any
	required bool
}

// operations reads all of them from the contract, and their bodies' types from
// the generated server.
func operations(t testing.TB) (all []operation) {
	t.Helper()
	var contract map[string]any
	if err := yaml.Unmarshal(api.Document, &contract); err != nil {
		t.Fatal(err)
	}
	resolve := func(v any) map[string]any {
		m := v.(map[string]any)
		for m["$ref"] != nil {
			var at any = contract
			for _, part := range strings.Split(strings.TrimPrefix(m["$ref"].(string), "#/"), "/") {
				at = at.(map[string]any)[part]
			}
			m = at.(map[string]any)
		}
		return m
	}
	server := reflect.TypeFor[api.StrictServerInterface]()
	for path, item := range contract["paths"].(map[string]any) {
		item := item.(map[string]any)
		shared, _ := item["parameters"].([]any)
		for method, one := range item {
			if method == "parameters" {
				continue
			}
			one := one.(map[string]any)
			o := operation{id: one["operationId"].(string), method: strings.ToUpper(method), path: path}
			own, _ := one["parameters"].([]any)
			for _, p := range append(slices.Clone(shared), own...) {
				p := resolve(p)
				known := parameter{p["name"].(string), resolve(p["schema"]), p["required"] == true}
				switch p["in"] {
				case "path":
					o.inPath = append(o.inPath, known)
				case "query":
					o.inQuery = append(o.inQuery, known)
				}
			}
			handler, ok := server.MethodByName(strings.ToUpper(o.id[:1]) + o.id[1:])
			if !ok {
				t.Fatalf("%s is not generated", o.id)
			}
			if body, ok := handler.Type.In(1).FieldByName("Body"); ok &&
				body.Type.Kind() == reflect.Pointer { // an image's bytes are judged in its test
				o.body = body.Type.Elem()
			}
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.id, b.id) })
	return all
}

// address fills the path in with values that are well formed; change replaces
// one.
func (o operation) address(change map[string]string) string {
	path := o.path
	for _, p := range o.inPath {
		v := "nothing"
		if p.schema["type"] == "integer" {
			v = "1"
		}
		if pattern, _ := p.schema["pattern"].(string); strings.HasSuffix(pattern, "{64}$") {
			v = strings.Repeat("0", 64)
		}
		if pattern, _ := p.schema["pattern"].(string); strings.HasSuffix(pattern, "{26}$") {
			v = strings.Repeat("a", 26)
		}
		if enum, ok := p.schema["enum"].([]any); ok {
			v = enum[0].(string)
		}
		if wrong, ok := change[p.name]; ok {
			v = wrong
		}
		path = strings.ReplaceAll(path, "{"+p.name+"}", v)
	}
	return path + "?" + o.query("")
}

// query has every parameter that must be there, but for one.
func (o operation) query(without string) (query string) {
	for _, p := range o.inQuery {
		if p.required && p.name != without {
			v := "1"
			if enum, ok := p.schema["enum"].([]any); ok {
				v = enum[0].(string)
			}
			query += p.name + "=" + v + "&"
		}
	}
	return query
}

// wrongValues breaks a parameter's schema in every way it offers, as they stand
// in an address.
func (p parameter) wrongValues() []string {
	switch {
	case p.schema["type"] == "integer":
		wrong := []string{"abc", "-1", "1.5", "0x1", "99999999999999999999", "%00", "%ff", "1%20OR%201"}
		if p.schema["minimum"] == 1 {
			wrong = append(wrong, "0")
		}
		if p.schema["maximum"] != nil {
			wrong = append(wrong, fmt.Sprint(p.schema["maximum"].(int)+1), "2147483648")
		}
		return wrong
	case p.schema["type"] == "boolean":
		return []string{"perhaps", "%00", "2"}
	case p.schema["enum"] != nil:
		return []string{"nonsense", "%00", "%ff", strings.Repeat("x", 100)}
	case p.schema["pattern"] != nil:
		return []string{"UPPER", "-first", "a_b", "a%00b", "a%ffb", "a%20b", strings.Repeat("x", 61), "%C3%A9"}
	}
	wrong := []string{"%00", "a%ffb"}
	if longest, ok := p.schema["maxLength"].(int); ok && longest <= 1000 {
		wrong = append(wrong, strings.Repeat("x", longest+1))
	}
	return wrong
}

// everyRole is somebody whom no operation refuses for her roles.
var everyRole = person{Name: "Olli Official", Roles: []domain.Role{domain.HelpDesk, domain.Official}}

func TestEveryOperationRefusesMalformedParameters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.LimitSession = handlers.Rate{} })
	c := w.as(t, everyRole)
	for _, o := range operations(t) {
		body := any(nil)
		if o.body != nil {
			body = valid(o.body)
		}
		expect := func(address, field string) {
			status, code, fields := c.fields(o.method, address, body)
			if status != http.StatusBadRequest || code != "invalid_request" || len(fields) != 1 ||
				!strings.HasPrefix(fields[0], field+" ") {
				t.Errorf("%s %s: %d %s %q, want 400 for %s", o.method, address, status, code, fields, field)
			}
		}
		for _, p := range o.inPath {
			for _, wrong := range p.wrongValues() {
				expect(o.address(map[string]string{p.name: wrong}), p.name)
			}
		}
		if o.id == "finishSignIn" {
			continue // what comes from the provider is judged in its test
		}
		for _, p := range o.inQuery {
			for _, wrong := range p.wrongValues() {
				path, _, _ := strings.Cut(o.address(nil), "?")
				expect(path+"?"+o.query(p.name)+p.name+"="+wrong, p.name)
			}
		}
	}
}

func TestEveryOperationRefusesMalformedBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, o := range operations(t) {
		if o.body == nil {
			continue
		}
		c := w.as(t, everyRole)
		address := o.address(nil)
		for _, text := range []string{
			"", "null", "[]", "{", "true", `"text"`, "1", "{}{}", `{} trailing`, "\xff", `{"a":"` + "\xc3\x28" + `"}`,
			`{"unknown":1}`, strings.Repeat("[", 8000), "\x00",
		} {
			if status, code := c.do(o.method, address, []byte(text), nil); status != http.StatusBadRequest ||
				code != "malformed_request" && code != "invalid_request" {
				t.Errorf("%s %s: %d %s for %.40q", o.method, address, status, code, text)
			}
		}
		for _, one := range mutations(o.body) {
			status, code, fields := c.fields(o.method, address, one.body)
			if status != http.StatusBadRequest || code != "invalid_request" ||
				!slices.ContainsFunc(fields, func(f string) bool { return strings.HasPrefix(f, one.field+" ") }) {
				t.Errorf(
					"%s %s: %d %s %q, want 400 for %s: %.200s",
					o.method,
					address,
					status,
					code,
					fields,
					one.field,
					one.body,
				)
			}
		}
	}
}

func TestEveryOperationRefusesOtherMediaTypes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, o := range operations(t) {
		if o.body == nil {
			continue
		}
		c := w.as(t, everyRole)
		body, err := json.Marshal(valid(o.body))
		if err != nil {
			t.Fatal(err)
		}
		for _, header := range []http.Header{
			{"Content-Type": nil},
			{"Content-Type": {"text/plain"}},
			{"Content-Type": {"application/xml"}},
			{"Content-Type": {"application/x-www-form-urlencoded"}},
			{"Content-Type": {"multipart/form-data; boundary=x"}},
			{"Content-Type": {"application/merge-patch+json"}},
			{"Content-Encoding": {"gzip"}},
		} {
			c.header = header
			if status, code := c.do(o.method, o.address(nil), body, nil); status != http.StatusUnsupportedMediaType ||
				code != "unsupported_media_type" {
				t.Errorf("%s with %v: %d %s", o.id, header, status, code)
			}
		}
		c.header = nil
		policy, _ := handlers.PolicyOf(o.id)
		big := slices.Concat([]byte(`{"unknown":"`), bytes.Repeat([]byte("x"), policy.Body), []byte(`"}`))
		if status, code := c.do(o.method, o.address(nil), big, nil); status != http.StatusRequestEntityTooLarge ||
			code != "body_too_large" {
			t.Errorf("%s with a large body: %d %s", o.id, status, code)
		}
	}
}

// A body beyond any limit is refused by its announced length, before it is
// sent.
func TestEndlessBodyIsRefusedUnread(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, length := range map[string]int{
		"/api/v1/rounds/r/projects/import": 17 << 20, "/api/v1/rounds": 3 << 20, "/box/v1/rounds/r/ballots": 200 << 10,
		"/vote": 3 << 20, "/%2e/x?/projects/import": 3 << 20,
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second)) // less than the server waits for a body
		_, _ = fmt.Fprintf(
			conn,
			"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
			path,
			length,
		)
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		text, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusRequestEntityTooLarge ||
			!bytes.Contains(text, []byte(`"body_too_large"`)) {
			t.Errorf("%s: %v %d %s", path, err, response.StatusCode, text)
		}
		_, _ = response.Body.Close(), conn.Close()
	}
}

func TestUnknownAddressesAndMethods(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.anonymous(t)
	for _, one := range []struct {
		method, path string
		status       int
		code         string
	}{
		{"GET", "/api", 404, "not_found"},
		{"GET", "/api/", 404, "not_found"},
		{"GET", "/api/v1/nothing", 404, "not_found"},
		{"GET", "/api/v1/session/", 404, "not_found"},
		{"POST", "/api/v2/rounds", 404, "not_found"},
		{"GET", "/box/v1/nothing", 404, "not_found"},
		{"PATCH", "/api/v1/session", 405, "method_not_allowed"},
		{"GET", "/api/v1/rounds/r/papers/p/credential", 405, "method_not_allowed"},
		{"GET", "/box/v1/rounds/r/ballots", 405, "method_not_allowed"},
		{"BREW", "/api/v1/session", 405, "method_not_allowed"},
		{"POST", "/", 405, "method_not_allowed"},
		{"GET", "/assets/nothing.js", 404, "not_found"},
	} {
		if status, code := c.do(one.method, one.path, nil, nil); status != one.status || code != one.code {
			t.Errorf("%s %s: %d %s, want %d %s", one.method, one.path, status, code, one.status, one.code)
		}
	}
	c.header = http.Header{"X-Long": {strings.Repeat("x", 40<<10)}}
	if status, code := c.get("/api/v1/session", nil); status != http.StatusBadRequest || code != "malformed_request" {
		t.Errorf("endless headers: %d %s", status, code)
	}
}

func TestContractIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var text []byte
	if status, _ := w.anonymous(t).get("/api/v1/openapi.yaml", &text); status != http.StatusOK ||
		!bytes.Equal(text, api.Document) {
		t.Errorf("%d and %d bytes", status, len(text))
	}
}

// A ballot's list of projects is long; phones get it compressed.
func TestListsAreCompressed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as(t, everyRole)
	c.createRound("long", api.Helsinki2026)
	c.header = http.Header{"Accept-Encoding": {"gzip"}}
	response := c.send(http.MethodGet, "/api/v1/rounds/long", nil)
	defer func() { _ = response.Body.Close() }()
	if response.Header.Get("Content-Encoding") != "gzip" ||
		!strings.Contains(response.Header.Get("Vary"), "Accept-Encoding") {
		t.Fatalf("%v", response.Header)
	}
	z, err := gzip.NewReader(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var r api.Round
	if err := json.NewDecoder(z).Decode(&r); err != nil || r.Id != "long" {
		t.Errorf("%v %s", err, r.Id)
	}
	session := c.send(http.MethodGet, "/api/v1/session", nil)
	_ = session.Body.Close()
	if session.Header.Get("Content-Encoding") != "" {
		t.Error("the session's token is compressed")
	}
}
