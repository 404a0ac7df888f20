package handlers

import (
	"fmt"
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

// Outlines that cannot be what they should are refused when the server starts,
// with the place.
func TestAreasAreChecked(t *testing.T) {
	collection := func(features string) string { return `{"type": "FeatureCollection", "features": [` + features + `]}` }
	feature := func(area, kind, coordinates string) string {
		return fmt.Sprintf(
			`{"type": "Feature", "properties": {"area": %q}, "geometry": {"type": %q, "coordinates": %s}}`,
			area,
			kind,
			coordinates,
		)
	}
	const square = `[[[24, 60], [25, 60, 7], [25, 61], [24, 60]]]`
	for text, want := range map[string]string{
		collection(feature("a", "Polygon", square)):                         "",
		collection(feature("a", "MultiPolygon", "["+square+","+square+"]")): "",
		``:                                       "not GeoJSON: unexpected end of JSON input",
		`{}`:                                     "want a GeoJSON FeatureCollection with features",
		collection(``):                           "want a GeoJSON FeatureCollection with features",
		collection(`{"type": "Feature"}`):        `feature 1: "" is no Polygon and no MultiPolygon`,
		collection(feature("a", "Point", `[1]`)): `feature 1: "Point" is no Polygon and no MultiPolygon`,
		collection(feature("a", "Polygon", square) + "," + feature("A b", "Polygon",
			square)): `feature 2: the property "area" is "A b": want an area's id, a-z 0-9 -`,
		collection(feature("a", "Polygon",
			`[[[24, 60], [25, 60], [24, 60]]]`)): "feature 1: a ring has 3 positions, at least four are needed",
		collection(feature("a", "Polygon",
			`[[[24, 60], [25, 91], [25, 61], [24, 60]]]`)): "feature 1: [25 91] is no longitude and latitude in degrees",
		collection(feature("a", "Polygon",
			`[[[24, 60], [25], [25, 61], [24, 60]]]`)): "feature 1: [25] is no longitude and latitude in degrees",
	} {
		got := ""
		if _, err := readAreas([]byte(text)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if new(MapAreas).UnmarshalText([]byte("no such file")) == nil {
		t.Error("a file that is not there is accepted")
	}
}
