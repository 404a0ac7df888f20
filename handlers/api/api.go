// Package api is the HTTP contract: openapi.yaml, and the server and shapes
// generated from it. Nothing else is written here by hand.
package api

import _ "embed"

//go:generate go tool oapi-codegen -config config.yaml openapi.yaml

// Document is openapi.yaml as served at /api/v1/openapi.yaml.
//
//go:embed openapi.yaml
var Document []byte
