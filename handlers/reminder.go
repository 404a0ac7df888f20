package handlers

import (
	"context"

	"osbu/domain/reminder"
	"osbu/handlers/api"
)

// GetReminders tells what I can be reminded of, and what I have asked for.
func (s *Server) GetReminders(
	ctx context.Context,
	req api.GetRemindersRequestObject,
) (api.GetRemindersResponseObject, error) {
	state, err := s.config.Reminders.Get(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.GetReminders200JSONResponse(toReminders(state)), nil
}

// AskReminders makes what is asked for all that I am reminded of.
func (s *Server) AskReminders(
	ctx context.Context,
	req api.AskRemindersRequestObject,
) (api.AskRemindersResponseObject, error) {
	of := list(req.Body.Asked, func(one api.ReminderOf) reminder.Of { return reminder.Of(one) })
	state, err := s.config.Reminders.Ask(ctx, actorFrom(ctx), req.Round, of)
	if err != nil {
		return nil, err
	}
	return api.AskReminders200JSONResponse(toReminders(state)), nil
}

func toReminders(state reminder.State) api.Reminders {
	of := func(one reminder.Of) api.ReminderOf { return api.ReminderOf(one) }
	return api.Reminders{Coming: list(state.Coming, of), Asked: list(state.Asked, of)}
}
