package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"osbu/domain"
	"osbu/domain/picture"
	"osbu/domain/proposal/discussion"
	"osbu/handlers/api"
)

// Codes of refusals that only HTTP knows.
const (
	codeMalformed   domain.Code = "malformed_request"
	codeBodyTooBig  domain.Code = "body_too_large"
	codeBodyTooSlow domain.Code = "body_too_slow"
	codeMediaType   domain.Code = "unsupported_media_type"
	codeMethod      domain.Code = "method_not_allowed"
	codeCookie      domain.Code = "cookie_not_accepted"
	codeCSRF        domain.Code = "csrf_failed"
	codeDeadline    domain.Code = "deadline_exceeded"
	codeInternal    domain.Code = "internal"
	codeTooMany     domain.Code = "too_many_requests"
	codeWrongSecret domain.Code = "code_invalid"
)

// statuses is the one table from what went wrong to a status. A code stands
// here only where its kind's status would mislead.
var statuses = struct {
	kinds map[domain.Kind]int
	codes map[domain.Code]int
}{
	kinds: map[domain.Kind]int{
		domain.Invalid:         http.StatusBadRequest,
		domain.Unauthenticated: http.StatusUnauthorized,
		domain.Forbidden:       http.StatusForbidden,
		domain.NotFound:        http.StatusNotFound,
		domain.Conflict:        http.StatusConflict,
		domain.Closed:          http.StatusConflict,
		domain.Busy:            http.StatusServiceUnavailable,
		domain.Internal:        http.StatusInternalServerError,
	},
	codes: map[domain.Code]int{
		codeBodyTooBig:  http.StatusRequestEntityTooLarge,
		codeBodyTooSlow: http.StatusRequestTimeout,
		codeMediaType:   http.StatusUnsupportedMediaType,
		codeMethod:      http.StatusMethodNotAllowed,
		codeDeadline:    http.StatusGatewayTimeout,
		codeTooMany:     http.StatusTooManyRequests,

		discussion.CodePace: http.StatusTooManyRequests,

		picture.CodeSize: http.StatusRequestEntityTooLarge,
		picture.CodeType: http.StatusUnsupportedMediaType,
	},
}

func statusOf(e *domain.Error) int {
	if status, ok := statuses.codes[e.Code]; ok {
		return status
	}
	if status, ok := statuses.kinds[e.Kind]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// tooMany is a refusal by a rate limit: when to come back, and which limit.
type tooMany struct {
	After time.Duration
	By    string
}

func (t tooMany) Error() string { return string(codeTooMany) }

// renderProblem is Fiber's ErrorHandler: every error leaves as problem+json
// (RFC 9457). What we do not know is Internal, mute outside, and logged here,
// once, without body, query, address or person.
func (s *Server) renderProblem(c *fiber.Ctx, err error) error {
	e := s.explain(c, err)
	s.refuse(c, e, err)
	status := statusOf(e)
	if t, ok := errors.AsType[tooMany](err); ok {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(max(1, int(math.Ceil(t.After.Seconds())))))
	} else if crowd, ok := errors.AsType[errCrowd](err); ok {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(crowd.after))
	} else if e.Kind == domain.Busy {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(comeBack(shortestRecall)))
	}
	problem := api.Problem{
		Type:      "about:blank",
		Title:     http.StatusText(status),
		Status:    status,
		Code:      api.ProblemCode(e.Code),
		RequestId: requestID(c),
	}
	if e.Detail != "" {
		problem.Detail = &e.Detail
	}
	if len(e.Fields) > 0 {
		fields := make([]api.FieldProblem, len(e.Fields))
		for i, f := range e.Fields {
			fields[i] = api.FieldProblem{Field: f.Path, Code: api.FieldCode(f.Code)}
			if f.Limit != "" {
				fields[i].Limit = &f.Limit
			}
			fields[i].Name = unlessZero(f.Name)
		}
		problem.Fields = &fields
	}
	body, err := json.Marshal(problem)
	if err != nil {
		return err
	}
	c.Response().ResetBody()
	c.Set(fiber.HeaderContentType, "application/problem+json")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).Send(body)
}

// explain finds the domain error in whatever a handler, the generated server,
// Fiber or fasthttp returned.
func (s *Server) explain(c *fiber.Ctx, err error) *domain.Error {
	if e, ok := errors.AsType[*domain.Error](err); ok {
		if e.Kind == domain.Internal {
			s.report(c, err)
			return domain.Fail(domain.Internal, codeInternal, "")
		}
		if e.Kind == domain.NotFound { // which of a path's parts is not there, or not hers to see, is nobody's to know
			return domain.Fail(domain.NotFound, e.Code, "there is nothing here")
		}
		return e
	}
	if _, ok := errors.AsType[errCrowd](err); ok {
		return domain.Fail(
			domain.Busy,
			domain.CodeBusy,
			"too many come at once; this was not taken: come back a little later",
		)
	}
	if _, ok := errors.AsType[tooMany](err); ok {
		return domain.Fail(domain.Busy, codeTooMany, "too many requests: come back later")
	}
	if e, ok := errors.AsType[*fiber.Error](err); ok && e.Code < 500 {
		if refusal := s.refusedBody(c); refusal != nil && e.Code == fiber.StatusRequestEntityTooLarge {
			return s.explain(c, refusal)
		}
		return fromFiber(e)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(c.UserContext().Err(), context.DeadlineExceeded) {
		s.report(c, err)
		return domain.Fail(domain.Busy, codeDeadline, "the request took too long; whether it was done is not known")
	}
	s.report(c, err)
	return domain.Fail(domain.Internal, codeInternal, "")
}

// fromFiber names the reason of an error that Fiber or the generated server
// made; the latter keeps only the text of what it met.
func fromFiber(e *fiber.Error) *domain.Error {
	switch e.Code {
	case fiber.StatusNotFound:
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "there is nothing here")
	case fiber.StatusMethodNotAllowed:
		return domain.Fail(domain.Invalid, codeMethod, "this address does not take this method")
	case fiber.StatusRequestTimeout:
		return domain.Fail(domain.Invalid, codeBodyTooSlow, "the request did not arrive in time")
	case fiber.StatusRequestEntityTooLarge:
		return domain.Fail(domain.Invalid, codeBodyTooBig, "the body is too large")
	case fiber.StatusUnsupportedMediaType, fiber.StatusUnprocessableEntity:
		return errMediaType
	}
	if problems, ok := unpackShapeError(e.Message); ok {
		return problems
	}
	if rest, ok := strings.CutPrefix(e.Message, "Invalid format for parameter "); ok {
		name, _, _ := strings.Cut(rest, ":")
		return &domain.Error{
			Kind:   domain.Invalid,
			Code:   domain.CodeInvalid,
			Fields: []domain.Field{{Path: name, Code: fieldBadFormat}},
		}
	}
	return domain.Fail(domain.Invalid, codeMalformed, "the request cannot be read")
}

var errMediaType = domain.Fail(domain.Invalid, codeMediaType, "send the body as application/json, not compressed")

// report logs an error that nobody foresaw. The address is the route's pattern:
// a real one may hold a code or a commit. What PostgreSQL says of data it
// refuses (SQLSTATE classes 22 and 23) quotes values, so only the state is
// told.
func (s *Server) report(c *fiber.Ctx, err error) {
	text := err.Error()
	if e, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok && (strings.HasPrefix(e.SQLState(), "22") || strings.HasPrefix(e.SQLState(), "23")) {
		text = "SQLSTATE " + e.SQLState()
	}
	attributes := []slog.Attr{
		slog.String("request_id", requestID(c)),
		slog.String("method", c.Method()),
		slog.String("route", routeOf(c)),
		slog.String("error", text),
	}
	if stack, ok := c.Locals(localStack).(string); ok {
		attributes = append(attributes, slog.String("stack", stack))
	}
	s.config.Log.LogAttrs(context.Background(), slog.LevelError, "request failed", attributes...)
}
