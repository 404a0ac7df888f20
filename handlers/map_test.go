package handlers

import (
	"strings"
	"testing"
)

// The pages may load tiles from the map's host, and pictures from nowhere else.
func TestPolicyAllowsTheMapsHostAlone(t *testing.T) {
	for address, want := range map[string]string{
		"": "img-src 'self' data: blob:;",
		"https://tiles.example.org/{z}/{x}/{y}.png?k=1":   "img-src 'self' data: blob: https://tiles.example.org;",
		"http://127.0.0.1:9000/{z}/{y}/{x}":               "img-src 'self' data: blob: http://127.0.0.1:9000;",
		"https://*.example.org/{z}/{x}/{y}.png":           "refused",
		"https://{s}.example.org/{z}/{x}/{y}.png":         "refused",
		"https://a.example.org; script-src *//{z}{x}{y}":  "refused",
		"https://tiles.example.org/map.png":               "refused",
		"//tiles.example.org/{z}/{x}/{y}.png":             "refused",
		"javascript:alert(1)//{z}/{x}/{y}":                "refused",
		"https://user:secret@tiles.example.org/{z}{x}{y}": "refused",
	} {
		var tiles Tiles
		if address != "" && tiles.UnmarshalText([]byte(address)) != nil {
			if want != "refused" {
				t.Errorf("%s is refused", address)
			}
			continue
		}
		s := Server{config: Config{Map: Map{Tiles: tiles}}}
		if got := s.policy(); !strings.Contains(got, want) {
			t.Errorf("%s: %s", address, got)
		}
	}
}
