;; expect: component.feature.errorContext
;;
;; Its built-in.
(component (core func (canon error-context.drop)))
