package catcher

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

//go:embed page.html
var pageText string

var words = map[string]map[string]string{
	"fi": {
		"title": "Kokeilun sähköpostit", "demo": "Nämä viestit eivät lähde mihinkään: ne näkyvät vain tällä sivulla.",
		"none": "Ei vielä viestejä.", "to": "Vastaanottaja",
		"back": "Kaikki viestit", "seen": "Viesti muotoiltuna", "missing": "Viestiä ei ole.",
	},
	"sv": {
		"title": "Demons e-post", "demo": "Meddelandena skickas ingenstans: de syns bara på den här sidan.",
		"none": "Inga meddelanden än.", "to": "Mottagare",
		"back": "Alla meddelanden", "seen": "Meddelandet formaterat", "missing": "Meddelandet finns inte.",
	},
	"en": {
		"title": "The demo’s e-mail", "demo": "These messages go nowhere: they are shown on this page only.",
		"none": "No messages yet.", "to": "To",
		"back": "All messages", "seen": "The message as it is shown", "missing": "There is no such message.",
	},
}

// Page shows the e-mails: all at /, one at /N, its HTML at /N/html, and all as
// JSON at /emails.json for programs.
func (c *Catcher) Page() http.Handler {
	page := template.Must(template.New("page").Funcs(template.FuncMap{"linked": linked}).Parse(pageText))
	show := func(w http.ResponseWriter, r *http.Request, status int, l *Email) {
		lang := language(r)
		emails := c.Emails()
		slices.Reverse(emails)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_ = page.Execute(
			w,
			map[string]any{
				"Lang":    lang,
				"Words":   words[lang],
				"Emails":  emails,
				"Email":   l,
				"Missing": status == http.StatusNotFound,
			},
		)
	}
	find := func(r *http.Request) *Email {
		n, _ := strconv.Atoi(r.PathValue("n"))
		for _, l := range c.Emails() {
			if l.Number == n {
				return &l
			}
		}
		return nil
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { show(w, r, http.StatusOK, nil) })
	mux.HandleFunc("GET /emails.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(c.Emails())
	})
	mux.HandleFunc("GET /{n}", func(w http.ResponseWriter, r *http.Request) {
		l := find(r)
		if l == nil {
			show(w, r, http.StatusNotFound, nil)
			return
		}
		show(w, r, http.StatusOK, l)
	})
	mux.HandleFunc("GET /{n}/html", func(w http.ResponseWriter, r *http.Request) {
		l := find(r)
		if l == nil {
			show(w, r, http.StatusNotFound, nil)
			return
		}
		// The e-mail's own page runs nothing and fetches nothing, whatever
		// somebody wrote into it.
		w.Header().
			Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox "+
				"allow-popups allow-top-navigation-by-user-activation")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(strings.Replace(l.HTML, "<head>", `<head><base target="_top">`, 1)))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().
			Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri "+
				"'none'; form-action 'none'; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

func language(r *http.Request) string {
	if asked := r.URL.Query().Get("lang"); words[asked] != nil {
		return asked
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		if tag = strings.TrimSpace(tag); len(tag) >= 2 && words[tag[:2]] != nil {
			return tag[:2]
		}
	}
	return "fi"
}

var address = regexp.MustCompile(`https?://[^\s<>"]+`)

// linked makes addresses in plain text ones to follow.
func linked(text string) template.HTML {
	var b strings.Builder
	rest := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		b.WriteString(template.HTMLEscapeString(text[rest:at[0]]))
		to := template.HTMLEscapeString(text[at[0]:at[1]])
		b.WriteString(`<a href="` + to + `">` + to + `</a>`)
		rest = at[1]
	}
	b.WriteString(template.HTMLEscapeString(text[rest:]))
	return template.HTML(b.String()) //nolint:gosec // every part was escaped
}
