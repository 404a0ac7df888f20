package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"osbu/handlers/api"
)

// operation is one that an address and a method lead to.
type operation struct {
	name   string // as the generated server calls it
	policy Policy
}

// beyond are operations that the contract cannot tell: their paths have a rest.
var beyond = []api.Operation{
	{ID: "getTile", Method: fiber.MethodGet, Path: "/box/v1/rounds/{round}/tile/*"},
}

// Names of what is no operation, in the metrics.
var (
	pageOperation  = &operation{name: "page"}
	otherOperation = &operation{name: "other"}
)

// operations are a tree of the paths' segments. It is asked before Fiber, which
// finds a route only once the body has been read; checkShapes compares the two.
type operations struct {
	literal   map[string]*operations
	parameter *operations
	rest      map[string]*operation // by method, whatever comes after
	here      map[string]*operation
}

func newOperations(all ...[]api.Operation) *operations {
	root := new(operations)
	for _, some := range all {
		for _, o := range some {
			root.add(o)
		}
	}
	return root
}

func (t *operations) add(o api.Operation) {
	found := &operation{name: operationName(o.ID), policy: policies[o.ID]}
	for segment := range strings.SplitSeq(strings.TrimPrefix(o.Path, "/"), "/") {
		switch {
		case segment == "*":
			if t.rest == nil {
				t.rest = map[string]*operation{}
			}
			t.rest[o.Method] = found
			return
		case strings.HasPrefix(segment, "{"):
			if t.parameter == nil {
				t.parameter = new(operations)
			}
			t = t.parameter
		default:
			if t.literal == nil {
				t.literal = map[string]*operations{}
			}
			if t.literal[segment] == nil {
				t.literal[segment] = new(operations)
			}
			t = t.literal[segment]
		}
	}
	if t.here == nil {
		t.here = map[string]*operation{}
	}
	t.here[o.Method] = found
}

// operationName is what the generated server calls the operation.
func operationName(id string) string { return strings.ToUpper(id[:1]) + id[1:] }

// find is nil where nothing is.
func (t *operations) find(method, path string) *operation {
	if method == fiber.MethodHead {
		method = fiber.MethodGet
	}
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return nil
	}
	return t.under(method, rest)
}

func (t *operations) under(method, path string) *operation {
	segment, rest, more := strings.Cut(path, "/")
	for _, next := range []*operations{t.literal[segment], t.parameter} {
		switch {
		case next == nil || segment == "":
		case more:
			if found := next.under(method, rest); found != nil {
				return found
			}
		case next.here[method] != nil:
			return next.here[method]
		}
	}
	return t.rest[method]
}

// operationOf is what begin found; nil before it and where nothing is.
func operationOf(c *fiber.Ctx) *operation {
	o, _ := c.Locals(localOperation).(*operation)
	return o
}

// policyOf is the operation's; of an address where nothing is, nothing special.
func policyOf(c *fiber.Ctx) Policy {
	if o := operationOf(c); o != nil {
		return o.policy
	}
	return Policy{}
}
