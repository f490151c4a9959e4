;; expect: engine.component.refused
;; feature: component-model-async
;; words: async component functions require the component model async feature
;;
;; An asynchronous type alone is refused.
(component (import "f" (func async)))
