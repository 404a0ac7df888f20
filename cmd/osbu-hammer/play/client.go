package play

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"osbu/handlers/api"
)

// refusal is an answer that asking again would not change.
type refusal struct {
	what   string
	status int
	code   api.ProblemCode
	detail string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("%s: %d %s %s", r.what, r.status, r.code, r.detail)
}

// passing is a failure whose outcome is unknown, or of which the server said:
// come back.
type passing struct {
	err   error
	after time.Duration
}

func (p *passing) Error() string { return p.err.Error() }
func (p *passing) Unwrap() error { return p.err }

// kind is what sort of failure it was, for counting: the status and code of the
// answer, or that none came.
func kind(err error) string {
	if r, ok := errors.AsType[*refusal](err); ok {
		return strings.TrimSpace(fmt.Sprintf("%d %s", r.status, r.code))
	}
	if _, ok := errors.AsType[*passing](err); ok {
		return "no answer"
	}
	return "wrong answer"
}

// isRefused tells whether the server said: come back.
func isRefused(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && (r.status == http.StatusTooManyRequests || r.status == http.StatusServiceUnavailable)
}

// client speaks JSON over HTTP. It always reads an answer to its end, so that
// connections are used again.
type client struct {
	http   *http.Client
	url    string
	header http.Header
	failed func(error) // is told of every failure that is tried again; nil: nobody is
}

// call sends in, if it is not nil, as JSON or, if it is []byte, as it is, and
// decodes the answer into out, which may be a *[]byte for the bytes as they
// are, or an io.Writer that they go to.
func (c client) call(ctx context.Context, method, path string, in, out any) error {
	what := method + " " + path
	var body io.Reader
	raw, octets := in.([]byte)
	if in != nil && !octets {
		var err error
		if raw, err = json.Marshal(in); err != nil {
			return err
		}
	}
	if in != nil {
		body = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, body)
	if err != nil {
		return err
	}
	for name, values := range c.header {
		request.Header[name] = values
	}
	switch {
	case octets:
		request.Header.Set("Content-Type", "application/octet-stream")
	case in != nil:
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return &passing{err: fmt.Errorf("%s: %w", what, err)}
	}
	defer func() { _ = response.Body.Close() }()
	if w, ok := out.(io.Writer); ok && response.StatusCode < 300 {
		if _, err := io.Copy(w, response.Body); err != nil {
			return &passing{err: fmt.Errorf("%s: %w", what, err)}
		}
		return nil
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return &passing{err: fmt.Errorf("%s: %w", what, err)}
	}
	if response.StatusCode < 300 {
		if raw, ok := out.(*[]byte); ok {
			*raw = text
			return nil
		}
		if err := json.Unmarshal(text, out); err != nil {
			return fmt.Errorf("%s: the answer is not as the contract says: %w", what, err)
		}
		return nil
	}
	return refused(what, response, text)
}

// refused is the error that an answer stands for.
func refused(what string, response *http.Response, text []byte) error {
	var p api.Problem
	_ = json.Unmarshal(text, &p) // without a problem the status has to do
	failed := &refusal{what: what, status: response.StatusCode, code: p.Code}
	if p.Detail != nil {
		failed.detail = *p.Detail
	}
	if p.Fields != nil {
		for _, f := range *p.Fields {
			failed.detail += fmt.Sprintf(" (%s: %s)", f.Field, f.Code)
		}
	}
	if response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= 500 {
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return &passing{err: failed, after: time.Duration(seconds) * time.Second}
	}
	return failed
}

// insist sends the same bytes again as long as the outcome is unknown or the
// server asks to come back, and until ctx ends. It tells how often it failed.
func (c client) insist(ctx context.Context, method, path string, in, out any) (failures int, err error) {
	return c.again(ctx, func() error { return c.call(ctx, method, path, in, out) })
}

// again does the same for anything that is asked.
func (c client) again(ctx context.Context, ask func() error) (failures int, err error) {
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err = ask()
		p, ok := errors.AsType[*passing](err)
		if !ok {
			return failures, err
		}
		failures++
		if c.failed != nil {
			c.failed(err)
		}
		select {
		case <-ctx.Done():
			return failures, fmt.Errorf("given up: %w", err)
		case <-time.After(max(wait, p.after)):
		}
	}
}
