package handlers

import "encoding/json"

const manifestPath = "/manifest.webmanifest"

// webManifest lets phones install the pages under the service's name (W3C, Web
// Application Manifest).
func (s *Server) webManifest() *file {
	type icon struct {
		Source  string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose,omitempty"`
	}
	c := s.config.City
	icons := []icon{
		{"/icon-192.png", "192x192", "image/png", ""},
		{"/icon-512.png", "512x512", "image/png", ""},
		{"/icon-512.png", "512x512", "image/png", "maskable"},
	}
	if len(c.Logo) > 0 {
		icons = []icon{{logoPath, "any", "image/svg+xml", ""}}
	}
	body, err := json.Marshal(map[string]any{
		"name": c.Service.In(c.Language()), "short_name": c.Service.In(c.Language()), "lang": c.Language(),
		"id": "/", "start_url": "/", "scope": "/", "display": "minimal-ui",
		"background_color": "#ffffff", "theme_color": "#0000bf", "icons": icons,
	})
	if err != nil {
		panic(err) // texts
	}
	f := newFile(manifestPath, body)
	f.kind = "application/manifest+json"
	return f
}
