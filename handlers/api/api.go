// Package api is the HTTP contract: contract/openapi.yaml and a file a tag
// beside it, and what is generated from them: the one document, the server and
// its shapes. Nothing else is written here by hand.
package api

import _ "embed"

//go:generate go run ./bundle -limits ../../frontend/src/lib/limits.gen.ts
//go:generate sh -c "go run ./bundle -tags | go tool -modfile=../../scripts/tools/go.mod oapi-codegen -config config.yaml /dev/stdin"

// Document is the contract as served at /api/v1/openapi.yaml.
//
//go:embed openapi.gen.yaml
var Document []byte

// Operation is one of the contract's.
type Operation struct {
	ID     string
	Method string
	Path   string // as in the contract, with {names} for parameters
}
