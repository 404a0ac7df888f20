package service

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"osbu/handlers/api"
)

// valid is a value that breaks no rule of shape.
func valid(t reflect.Type) any { return sample(t, "") }

// sample builds JSON for a generated type, all members present, from its tags.
func sample(t reflect.Type, rules string) any {
	if t.Kind() == reflect.Pointer {
		return sample(t.Elem(), strings.TrimPrefix(rules, "omitempty,"))
	}
	if e, ok := known(t); ok {
		return e
	}
	if t == reflect.TypeFor[[]byte]() {
		return "AAAA" // base64
	}
	own, each, _ := strings.Cut(rules, ",dive,")
	switch t.Kind() {
	case reflect.Struct:
		if t == reflect.TypeFor[openapi_types.Date]() {
			return "2026-01-01"
		}
		if t.PkgPath() != reflect.TypeFor[api.Problem]().PkgPath() {
			return "2026-01-01T00:00:00Z"
		}
		object := map[string]any{}
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			object[name] = sample(f.Type, f.Tag.Get("validate"))
		}
		return object
	case reflect.Slice:
		return []any{sample(t.Elem(), each)}
	case reflect.Int, reflect.Int64, reflect.Float64:
		return 1
	case reflect.Bool:
		return true
	}
	for _, rule := range strings.Split(own, ",") {
		name, size, _ := strings.Cut(rule, "=")
		switch name {
		case "len":
			bytes := map[string]int{"44": 32, "80": 60, "88": 64, "344": 256}[size]
			return base64.StdEncoding.EncodeToString(make([]byte, bytes))
		case "base64":
			if !strings.Contains(own, "len=") {
				return "AAAA"
			}
		case "postal_code":
			return "00530"
		case "municipality":
			return "091"
		case "image_id":
			return strings.Repeat("a", 26)
		}
	}
	return "a"
}

// known is the first value of an enum.
func known(t reflect.Type) (any, bool) {
	if t.Kind() != reflect.String {
		return nil, false
	}
	for _, e := range []any{
		api.LanguageFi, api.FormKindApproval, api.Greedy, api.EligibilityMomentVoting, api.Helsinki2026, api.StepPropose,
		api.ReasonCodeOther, api.Passport, api.PaperUndoReason("spoiled"), api.LookUpHelpHelpOfficer,
		api.VerdictYes, api.ContactChannelPhone, api.AssistedTextChannelPhone, api.Spoken, api.EventKindWorkshop,
		api.SpokenLanguageFi, api.StepFree, api.ContactTopicIdea, api.ContactLanguageFi, api.NotificationKindQuestions,
		api.RuleUtilityCost,
		api.None, api.Satisfaction, api.FaultOther, api.City, api.FeasibilityFeasible,
		api.MergeKindMerge, api.MergeAnswerAnswerYes, api.PotEmpty, api.BulkActionTake,
		api.DeliveryPhaseCodevelopment, api.DeliveryStandingOnCourse, api.BookingKindCommit, api.ReminderOfBegins,
		api.WorthYes, api.LookUpAsked,
	} {
		if reflect.TypeOf(e) == t {
			return e, true
		}
	}
	return nil, false
}

type mutation struct {
	body  []byte
	field string // that must be named
}

// mutations are all bodies that differ from a valid one in one place: another
// type, a NUL, an unknown member, a missing one.
func mutations(t reflect.Type) (all []mutation) {
	for _, at := range places(sample(t, ""), t, "") {
		for _, wrong := range at.wrong {
			body, err := json.Marshal(replaced(sample(t, ""), at.path, wrong))
			if err != nil {
				panic(err)
			}
			all = append(all, mutation{body, at.path})
		}
	}
	return all
}

type place struct {
	path  string
	wrong []any
}

type missing struct{}

func places(v any, t reflect.Type, path string) (all []place) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := v.(type) {
	case map[string]any:
		prefix := ""
		if path != "" {
			all = append(all, place{path, []any{[]any{}, "text", 1, true}})
			prefix = path + "."
		}
		all = append(all, place{prefix + "strange", []any{1}})
		for f := range t.Fields() {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if options != "omitempty" {
				all = append(all, place{prefix + name, []any{missing{}, nil}})
			}
			all = append(all, places(v[name], f.Type, prefix+name)...)
		}
	case []any:
		all = append(all, place{path, []any{map[string]any{}, "text", 1}})
		all = append(all, places(v[0], t.Elem(), path+"[0]")...)
	case bool:
		all = append(all, place{path, []any{"true", 1, []any{}}})
	case int:
		wrong := []any{"1", true, map[string]any{}, json.Number("1e400")}
		if t.Kind() != reflect.Float64 {
			wrong = append(wrong, 1.5, json.Number("99999999999999999999"))
		}
		if t.Kind() == reflect.Int {
			wrong = append(wrong, 1<<31, -1<<31-1)
		}
		all = append(all, place{path, wrong})
	default:
		all = append(all, place{path, []any{1, true, []any{}, "a\x00b"}})
	}
	return all
}

// replaced puts wrong where path leads, which may be a new member.
func replaced(v any, path string, wrong any) any {
	steps := strings.FieldsFunc(strings.ReplaceAll(path, "[0]", ".0"), func(r rune) bool { return r == '.' })
	var walk func(v any, steps []string) any
	walk = func(v any, steps []string) any {
		if len(steps) == 0 {
			return wrong
		}
		switch v := v.(type) {
		case map[string]any:
			if _, ok := wrong.(missing); ok && len(steps) == 1 {
				delete(v, steps[0])
				return v
			}
			v[steps[0]] = walk(v[steps[0]], steps[1:])
			return v
		case []any:
			v[0] = walk(v[0], steps[1:])
			return v
		}
		return wrong
	}
	return walk(v, steps)
}
